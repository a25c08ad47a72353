// Cli: the commands, as a client of the running server.
// Owns: nothing; it prints.
// Never: opens the database.
// Bound by: ADR 9 (error model).
export type { CommandValues, OfflineCommand } from './command.ts';
export { runCli } from './run.ts';
