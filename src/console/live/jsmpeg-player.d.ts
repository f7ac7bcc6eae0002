/** The part of @cycjimmy/jsmpeg-player 6 that the console uses; the package brings no types. */
declare module '@cycjimmy/jsmpeg-player' {
  namespace JSMpeg {
    type Destination = Readonly<{ write: (bytes: ArrayBuffer) => void }>;

    type Source = {
      established: boolean;
      completed: boolean;
      readonly streaming: boolean;
      readonly progress: number;
      connect: (destination: Destination) => void;
      start: () => void;
      resume: (headroomSeconds: number) => void;
      destroy: () => void;
    };

    type PlayerOptions = Readonly<{
      canvas: HTMLCanvasElement;
      /** Called with `new`; the object it returns is taken. */
      source: () => Source;
      audio: boolean;
      pauseWhenHidden: boolean;
      disableWebAssembly: boolean;
      videoBufferSize: number;
      onVideoDecode: () => void;
    }>;

    type Player = Readonly<{ destroy: () => void }>;
    const Player: new (url: string, options: PlayerOptions) => Player;
  }
  export = JSMpeg;
}
