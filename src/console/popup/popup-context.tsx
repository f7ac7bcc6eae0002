/** The queue of pop-ups, shared by the feed that fills it, the pop-up that shows it, and the lists that open alarms by hand. */
import {
  createContext,
  type Dispatch,
  type ReactNode,
  useContext,
  useMemo,
  useReducer,
} from 'react';
import { emptyQueue, type PopupAction, type PopupQueue, popupQueue } from './popup-queue.ts';

type Popups = Readonly<{ queue: PopupQueue; dispatch: Dispatch<PopupAction> }>;

const PopupContext = createContext<Popups>({ queue: emptyQueue, dispatch: () => undefined });

export function PopupProvider({ children }: Readonly<{ children: ReactNode }>) {
  const [queue, dispatch] = useReducer(popupQueue, emptyQueue);
  const popups = useMemo(() => ({ queue, dispatch }), [queue]);
  return <PopupContext value={popups}>{children}</PopupContext>;
}

export function usePopups(): Popups {
  return useContext(PopupContext);
}
