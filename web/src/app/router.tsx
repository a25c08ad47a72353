import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
} from '@tanstack/react-router';
import { z } from 'zod';
import { lazy, Suspense } from 'react';
import { useSession } from '../api/session.ts';
import { AskPage } from '../features/ask/ask-page.tsx';
import { loadConversationPage } from '../features/ask/load-conversation-page.ts';
import { withTexts } from '../i18n/index.ts';
import { Broken, NotFound } from './fallbacks.tsx';
import { pagesFor } from './pages.ts';
import { Shell } from './shell.tsx';

/** Loaded before it is needed: with the first letter of a question. */
const ConversationPage = lazy(loadConversationPage);

/** Which of its tabs a page shows. */
const withTab = z.object({ tab: z.string().optional().catch(undefined) });

const root = createRootRoute({ component: Shell, notFoundComponent: NotFound, errorComponent: Broken });

const askRoute = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: z.object({ collection: z.string().optional().catch(undefined) }),
  component: function Ask() {
    const { collection } = askRoute.useSearch();
    const [first] = pagesFor(useSession().person?.permissions ?? []);
    // Who may not ask begins where they may do something.
    if (first !== undefined && first.to !== '/') return <Navigate replace to={first.to} />;
    return <AskPage key={collection} collection={collection} />;
  },
});

const conversationRoute = createRoute({
  getParentRoute: () => root,
  path: '/c/$conversationId',
  validateSearch: z.object({
    // The router reads `2.1` as a number.
    s: z.coerce
      .string()
      .regex(/^\d+\.\d+$/)
      .optional()
      .catch(undefined),
  }),
  component: function Conversation() {
    const { conversationId } = conversationRoute.useParams();
    const { s } = conversationRoute.useSearch();
    const [turn, index] = s?.split('.').map(Number) ?? [];
    const source = turn === undefined || index === undefined ? undefined : { turn, index };
    return (
      <Suspense fallback={<div className="h-full" />}>
        <ConversationPage key={conversationId} conversationId={conversationId} source={source} />
      </Suspense>
    );
  },
});

const documentsRoute = createRoute({
  getParentRoute: () => root,
  path: '/documents',
  component: lazyRouteComponent(
    withTexts('documents', () => import('../features/documents/documents-page.tsx')),
    'DocumentsPage',
  ),
});

const collectionRoute = createRoute({
  getParentRoute: () => root,
  path: '/documents/$collectionId',
  component: lazyRouteComponent(
    withTexts('documents', () => import('../features/documents/documents-page.tsx')),
    'CollectionPage',
  ),
});

const evidenceRoute = createRoute({
  getParentRoute: () => root,
  path: '/evidence/$versionId',
  validateSearch: z.object({
    from: z.number().int().nonnegative().optional().catch(undefined),
    to: z.number().int().nonnegative().optional().catch(undefined),
  }),
  component: lazyRouteComponent(
    withTexts('documents', () => import('../features/documents/document-page.tsx')),
    'DocumentPage',
  ),
});

const operationsRoute = createRoute({
  getParentRoute: () => root,
  path: '/operations',
  validateSearch: withTab,
  component: lazyRouteComponent(
    withTexts('administration', () => import('../features/operations/operations-page.tsx')),
    'OperationsPage',
  ),
});

const modelsRoute = createRoute({
  getParentRoute: () => root,
  path: '/models',
  component: lazyRouteComponent(
    withTexts('administration', () => import('../features/models/models-page.tsx')),
    'ModelsPage',
  ),
});

const peopleRoute = createRoute({
  getParentRoute: () => root,
  path: '/people',
  validateSearch: withTab,
  component: lazyRouteComponent(
    withTexts('administration', () => import('../features/people/people-page.tsx')),
    'PeoplePage',
  ),
});

const accountRoute = createRoute({
  getParentRoute: () => root,
  path: '/account',
  component: lazyRouteComponent(
    withTexts('administration', () => import('../features/people/account-page.tsx')),
    'AccountPage',
  ),
});

const startRoute = createRoute({
  getParentRoute: () => root,
  path: '/start',
  validateSearch: z.object({ step: z.string().optional().catch(undefined) }),
  component: lazyRouteComponent(
    withTexts('administration', () => import('../features/start/start-page.tsx')),
    'StartPage',
  ),
});

const notesRoute = createRoute({
  getParentRoute: () => root,
  path: '/notes',
  component: lazyRouteComponent(
    withTexts('administration', () => import('../features/documents/notes-page.tsx')),
    'NotesPage',
  ),
});

export const router = createRouter({
  routeTree: root.addChildren([
    askRoute,
    conversationRoute,
    documentsRoute,
    collectionRoute,
    evidenceRoute,
    operationsRoute,
    modelsRoute,
    peopleRoute,
    accountRoute,
    startRoute,
    notesRoute,
  ]),
  defaultPreload: 'intent',
  defaultErrorComponent: Broken,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
