import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/errors.ts';
import { startSession } from './api/session.ts';
import { Entrance } from './app/entrance.tsx';
import { router } from './app/router.tsx';
import { startTexts } from './i18n/index.ts';
import './styles/index.css';

const RETRIES = 2;
const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // What the server refused, it refuses again; what did not reach it is tried twice more.
      retry: (count, error) =>
        count < RETRIES && error instanceof ApiError && (error.code === 'network' || error.status >= 502),
      refetchOnWindowFocus: false,
    },
  },
});

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no element "root"');
await Promise.all([startTexts(), startSession()]);
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queries}>
      <Entrance>
        <RouterProvider router={router} />
      </Entrance>
    </QueryClientProvider>
  </StrictMode>,
);
