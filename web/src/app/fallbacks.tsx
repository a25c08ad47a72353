import { Link } from '@tanstack/react-router';
import { Bug, MapPinOff } from 'lucide-react';
import { Button } from '../components/button.tsx';
import { Empty } from '../components/states.tsx';
import { useTranslation } from '../i18n/index.ts';
import { PageHeader } from './page-header.tsx';

/** An address that leads nowhere. */
export function NotFound() {
  const t = useTranslation();
  return (
    <>
      <PageHeader title="" />
      <Empty isPage icon={MapPinOff} title={t('app.notFound')} hint={t('app.notFoundHint')}>
        <Link to="/" className="font-medium text-accent-ink underline underline-offset-3">
          {t('ask.new')}
        </Link>
      </Empty>
    </>
  );
}

/** A bug of the page: nothing is lost, loading it anew helps. */
export function Broken() {
  const t = useTranslation();
  return (
    <Empty isPage icon={Bug} title={t('app.broken')} hint={t('app.brokenHint')}>
      <Button look="primary" onClick={() => window.location.reload()}>
        {t('app.reload')}
      </Button>
    </Empty>
  );
}
