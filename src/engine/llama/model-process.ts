import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FromChild, type ToChild } from './protocol-schema.ts';
import { exitReason, type ExitReason } from './exit-reason.ts';
import { StderrTail } from './stderr-tail.ts';

/** One run of the process of a model, from start to end. */
export interface ModelProcess {
  readonly pid: number | undefined;
  send(message: ToChild): void;
  /** Ends it now. `isHung` when it stopped answering. */
  kill(isHung: boolean): void;
  /** 0 to 1 while the weights are read. */
  readonly loadedRatio: number;
}

export interface ModelProcessListener {
  onMessage(message: FromChild): void;
  onExit(reason: ExitReason): void;
}

export type StartModelProcess = (listener: ModelProcessListener) => ModelProcess;

/** What the process may see of the environment: nothing that could hold a secret. */
const ENVIRONMENT = { LANG: 'C.UTF-8', PATH: '/usr/bin:/bin' };
/** JavaScript in there handles tokens, not texts of documents; native memory is not counted here. */
const HEAP_MEGABYTES = 1024;

/** Starts the process. Its messages are parsed; one that does not fit the protocol ends it. */
export function startModelProcess(listener: ModelProcessListener): ModelProcess {
  const child: ChildProcess = fork(fileURLToPath(new URL('./model-child.ts', import.meta.url)), [], {
    env: ENVIRONMENT,
    execArgv: [`--max-old-space-size=${HEAP_MEGABYTES}`, '--disable-warning=ExperimentalWarning'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const tail = new StderrTail();
  let wasHung = false;
  let hasEnded = false;
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => tail.push(chunk));
  child.on('message', (raw) => {
    const message = FromChild.safeParse(raw);
    if (message.success) listener.onMessage(message.data);
    else child.kill('SIGKILL');
  });
  const end = (code: number | null, signal: string | null) => {
    if (hasEnded) return;
    hasEnded = true;
    listener.onExit(exitReason({ code, signal, stderr: tail.text, wasHung }));
  };
  child.on('error', () => end(1, null));
  // `close` comes after the last of stderr, so the cause of death is there to be read.
  child.on('close', end);
  return {
    pid: child.pid,
    send: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    kill: (isHung) => {
      wasHung ||= isHung;
      child.kill('SIGKILL');
    },
    get loadedRatio() {
      return tail.loadedRatio;
    },
  };
}
