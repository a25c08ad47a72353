import { documentsRoutes, sourcesRoutes, type Route } from '#gateway/index.ts';
import type { ScanDeps } from '#usecases/index.ts';
import type { Parts } from './compose.ts';
import { createDocumentsDeps } from './document-routes.ts';
import { createSourcesDeps } from './source-routes.ts';
import type { FolderWatch } from './watch-folders.ts';

/** How documents come in, while the server runs. */
export interface Ingestion {
  readonly documents: ScanDeps;
  readonly watch: FolderWatch;
}

/** Everything over HTTP about documents coming in, and about their history. */
export function ingestionRoutes(parts: Parts, { ingestion }: { readonly ingestion: Ingestion }): Route[] {
  const { documents, watch } = ingestion;
  return [
    ...documentsRoutes(createDocumentsDeps(parts)),
    ...sourcesRoutes(createSourcesDeps(parts, documents, (source) => watch.follow(source))),
  ];
}
