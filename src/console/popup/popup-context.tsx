/** The queue of pop-ups, shared by the feed that fills it, the pop-up that shows it, and the lists that open alarms by hand. */
import {
  createContext,
  type Dispatch,
  type ReactNode,
  useContext,
  useMemo,
  useReducer,
  useState,
} from 'react';
import { emptyQueue, type PopupAction, type PopupQueue, popupQueue } from './popup-queue.ts';

type Popups = Readonly<{
  queue: PopupQueue;
  dispatch: Dispatch<PopupAction>;
  /** Notes of alarms that are not closed yet, by alarm: another alarm may have come between. */
  notes: Map<string, string>;
}>;

const PopupContext = createContext<Popups>({
  queue: emptyQueue,
  dispatch: () => undefined,
  notes: new Map(),
});

export function PopupProvider({ children }: Readonly<{ children: ReactNode }>) {
  const [queue, dispatch] = useReducer(popupQueue, emptyQueue);
  const [notes] = useState(() => new Map<string, string>());
  const popups = useMemo(() => ({ queue, dispatch, notes }), [queue, notes]);
  return <PopupContext value={popups}>{children}</PopupContext>;
}

export function usePopups(): Popups {
  return useContext(PopupContext);
}
