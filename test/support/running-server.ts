import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigSchema } from '../../src/main/config-schema.ts';
import { startServer, type RunningServer } from '../../src/main/start.ts';
import { Visitor } from './visitor.ts';

/** A whole server over a folder of its own that goes when it is disposed of. */
export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer;
  readonly url: string;
  readonly folder: string;
}

/** Starts the product on a free port in an empty folder, or in one that is there. */
export async function startTestServer(
  config: Readonly<Record<string, object>> = {},
  folder = mkdtempSync(join(tmpdir(), 'hradlo-test-')),
  { keepsFolder = false }: { readonly keepsFolder?: boolean } = {},
): Promise<TestServer> {
  const server = await startServer(
    ConfigSchema.parse({
      listen: { port: 0 },
      log: { level: 'silent' },
      samples: { load: false },
      audit: { checkpointFile: join(folder, 'elsewhere.checkpoints') },
      ...config,
      data: { folder, ...config['data'] },
    }),
  );
  return {
    server,
    url: server.url,
    folder,
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      if (!keepsFolder) rmSync(folder, { recursive: true, force: true });
    },
  };
}

export const PASSPHRASE = 'tři hrušky na stole';

/** Makes the administrator with the link of the first start and returns their browser, signed in. */
export async function setUpAdministrator({ server, url }: TestServer): Promise<Visitor> {
  const token = server.setUpUrl?.split('/').at(-1);
  const administrator = new Visitor(url);
  await administrator.expect(200, 'POST', '/hradlo/v1/set-up', {
    token,
    name: 'spravce',
    displayName: 'Správce',
    passphrase: PASSPHRASE,
  });
  return administrator;
}

/** Invites a person and returns their browser, signed in, with their id. */
export async function addPerson(
  administrator: Visitor,
  url: string,
  invitation: { name: string; roles?: readonly string[]; groups?: readonly string[]; attributes?: object },
): Promise<{ readonly visitor: Visitor; readonly id: string }> {
  const { token } = await administrator.expect(201, 'POST', '/admin/v1/invitations', invitation);
  const visitor = new Visitor(url);
  const body = await visitor.expect(200, 'POST', '/hradlo/v1/invitation', {
    token,
    displayName: invitation.name,
    passphrase: PASSPHRASE,
  });
  const person = body['person'] as { id: string };
  return { visitor, id: person.id };
}

/** Makes a key of the visitor's own account and returns a program that carries it. */
export async function addKey(
  visitor: Visitor,
  url: string,
  key: object = { name: 'program' },
): Promise<{ readonly program: Visitor; readonly id: string; readonly text: string }> {
  const body = await visitor.expect(201, 'POST', '/hradlo/v1/keys', key);
  const text = String(body['key']);
  return { program: new Visitor(url, text), id: String(body['id']), text };
}
