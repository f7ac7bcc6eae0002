/** Starts the console in the browser. */
import { createRoot } from 'react-dom/client';
import { ConsoleApp } from './shell/console-app.tsx';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element #root');
createRoot(root).render(<ConsoleApp />);
