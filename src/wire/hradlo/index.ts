// Our own dialect: what people's pages and the command line speak.
export { CollectionsResponse, DocumentsResponse, PassageResponse } from './evidence.ts';
