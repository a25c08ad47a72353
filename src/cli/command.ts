import type { Client } from './client.ts';

/** Options that a command may look at, as they were given. */
export interface CommandValues {
  readonly json: boolean;
  readonly collection?: string | undefined;
  readonly model?: string | undefined;
  readonly 'as-of'?: string | undefined;
  readonly reference?: string | undefined;
  readonly against?: readonly string[] | undefined;
  readonly 'public-key'?: string | undefined;
  readonly file?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly at?: string | undefined;
  readonly 'key-file'?: string | undefined;
  readonly reason?: string | undefined;
  readonly watch?: boolean | undefined;
  readonly 'valid-from'?: string | undefined;
  readonly as?: string | undefined;
  readonly purpose?: string | undefined;
  readonly approve?: string | undefined;
  readonly kind?: string | undefined;
  readonly role?: readonly string[] | undefined;
  readonly deny?: boolean | undefined;
  readonly for?: string | undefined;
  readonly until?: string | undefined;
  readonly person?: string | undefined;
  readonly tenant?: string | undefined;
  readonly window?: string | undefined;
  readonly open?: boolean | undefined;
  readonly csv?: boolean | undefined;
  readonly 'password-file'?: string | undefined;
}

/** What a command is called with: the words after its name, the options, and ways to speak. */
export interface CommandCall {
  readonly words: readonly string[];
  readonly values: CommandValues;
  readonly client: Client;
  /** A path made absolute from where the command runs. */
  absolute(path: string): string;
  print(text: string): void;
}

/** Does one command through the running server. Throws a CliError when it cannot. */
export type Command = (call: CommandCall) => Promise<void>;

/** A command that must work while no server runs; made by main. Returns the exit status. */
export type OfflineCommand = (words: readonly string[], values: CommandValues) => Promise<number>;
