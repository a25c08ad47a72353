import { useMutation, useQuery } from '@tanstack/react-query';
import { AcquireModelResponse, ModelOfferLookResponse, ModelOfferResponse } from '#wire/admin/index.ts';
import { sendJson } from '../../api/client.ts';
import { Button } from '../../components/button.tsx';
import { formatBytes, formatNumber } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { LoadProgress } from '../models/load-progress.tsx';
import { useChange } from '../people/use-change.ts';

type Offer = NonNullable<ModelOfferResponse['offer']>;

const MINUTE_S = 60;

/** What the hub said; without internet it says so, and the rest goes on as it is. */
function Looked({ offer, look }: { offer: Offer; look: ModelOfferLookResponse }) {
  const t = useTranslation();
  const language = useLanguage();
  const { source, name, purpose } = offer;
  const pull = useChange(
    () =>
      sendJson(AcquireModelResponse, '/admin/v1/models', { method: 'POST', body: { source, name, purpose } }),
    { keys: ['admin-models', 'jobs'], said: t('models.added') },
  );
  if (!look.reachable || look.sizeBytes === null)
    return <p className="mt-3 text-sm text-warn">{t('offer.unreachable', { why: look.reason ?? '' })}</p>;
  const minutes = Math.max(1, Math.round((look.seconds ?? 0) / MINUTE_S));
  return (
    <>
      <p className="mt-3 text-sm">
        {t('offer.facts', {
          size: formatBytes(look.sizeBytes, language),
          licence: look.licence ?? t('offer.noLicence'),
          minutes: formatNumber(minutes, language),
        })}
      </p>
      {pull.isSuccess ? (
        <LoadProgress />
      ) : (
        <Button
          look="primary"
          className="mt-3"
          disabled={pull.isPending}
          onClick={() => pull.mutate(undefined)}
        >
          {t('offer.pull')}
        </Button>
      )}
    </>
  );
}

/** One good small model for this machine. The server asks the hub only when somebody clicks. */
export function OfferedModel() {
  const t = useTranslation();
  const language = useLanguage();
  const { data } = useQuery({
    queryKey: ['model-offer'],
    queryFn: ({ signal }) => sendJson(ModelOfferResponse, '/admin/v1/model-offer', { signal }),
  });
  const look = useMutation({
    mutationFn: () =>
      sendJson(ModelOfferLookResponse, '/admin/v1/model-offer/look', { method: 'POST', body: {} }),
  });
  const offer = data?.offer;
  if (!offer) return null;
  return (
    <section
      aria-labelledby="offered-model"
      className="mt-4 rounded-lg border border-line bg-surface px-4 py-4"
    >
      <h3 id="offered-model" className="font-medium">
        {t('offer.title', { name: offer.title })}
      </h3>
      <p className="mt-1 text-sm text-ink-soft">
        {t('offer.hint', { size: formatBytes(offer.sizeBytes, language), licence: offer.licence })}
      </p>
      {look.data ? (
        <Looked offer={offer} look={look.data} />
      ) : (
        <Button className="mt-3" disabled={look.isPending} onClick={() => look.mutate()}>
          {t(look.isPending ? 'offer.looking' : 'offer.look')}
        </Button>
      )}
      {look.isError && <p className="mt-3 text-sm text-warn">{t('start.failed')}</p>}
    </section>
  );
}
