import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { useHasExpired, useMay, useSession } from '../api/session.ts';
import { conversationStore } from '../features/ask/conversation-store.ts';
import { useTranslation } from '../i18n/index.ts';
import { Dialog } from '../components/dialog.tsx';

const SignIn = lazy(async () => ({ default: (await import('../features/sign-in/sign-in.tsx')).SignIn }));
const NewAccount = lazy(async () => ({
  default: (await import('../features/sign-in/new-account.tsx')).NewAccount,
}));

/** The secret of a link of the first start or of an invitation. It is never sent in an address. */
function linkOf(
  hash: string,
): { readonly kind: 'set-up' | 'invitation'; readonly token: string } | undefined {
  const [, kind, token] = /^#\/(set-up|invitation)\/([\w-]+)$/.exec(hash) ?? [];
  if (token === undefined || (kind !== 'set-up' && kind !== 'invitation')) return undefined;
  return { kind, token };
}

/** Nobody comes past it without a session, once accounts are there. */
export function Entrance({ children }: { children: ReactNode }) {
  const t = useTranslation();
  const session = useSession();
  const hasExpired = useHasExpired();
  const queries = useQueryClient();
  const [link, setLink] = useState(() => linkOf(window.location.hash));
  const personId = session.person?.id;
  const mayAsk = useMay('ask');
  const before = useRef(personId);
  useEffect(() => {
    conversationStore.open(mayAsk ? personId : undefined);
    if (before.current === personId) return;
    before.current = personId;
    // What one person loaded is never shown to the next.
    queries.clear();
  }, [personId, mayAsk, queries]);
  const wasExpired = useRef(hasExpired);
  useEffect(() => {
    const isBack = wasExpired.current && !hasExpired;
    wasExpired.current = hasExpired;
    // What was refused while nobody was signed in is asked for again.
    if (!isBack) return;
    void queries.invalidateQueries();
    conversationStore.again();
  }, [hasExpired, queries]);
  if (link !== undefined) {
    const done = () => {
      // The first administrator goes on with setting up.
      window.history.replaceState(undefined, '', link.kind === 'set-up' ? '/start' : '/');
      setLink(undefined);
    };
    return (
      <Suspense>
        <NewAccount {...link} onDone={done} />
      </Suspense>
    );
  }
  if (session.state === 'signed-out') {
    return (
      <Suspense>
        <SignIn />
      </Suspense>
    );
  }
  return (
    <>
      {children}
      {hasExpired && (
        <Dialog isTitleHidden title={t('signIn.expired')} onClose={() => undefined}>
          <Suspense>
            <SignIn isAgain />
          </Suspense>
        </Dialog>
      )}
    </>
  );
}
