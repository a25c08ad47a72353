import { useQuery } from '@tanstack/react-query';
import { Failure, Skeleton } from '../../components/states.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { aboutQuery } from './operations-api.ts';
import { Section } from './section.tsx';

/** What runs here, of what it is made, and under which licences. */
export function AboutTab() {
  const t = useTranslation();
  const about = useQuery(aboutQuery);
  if (about.isPending) return <Skeleton lines={8} />;
  if (about.isError)
    return <Failure title={t('about.failed')} error={about.error} onRetry={() => void about.refetch()} />;
  const { name, version, licence, runtime, components, notice } = about.data;
  const facts = [
    { name: t('about.version'), value: `${name} ${version}` },
    { name: t('about.licence'), value: licence },
    { name: 'Node.js', value: runtime.node },
    { name: 'SQLite', value: runtime.sqlite },
    { name: t('about.platform'), value: runtime.platform },
  ];
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 md:grid-cols-3 lg:grid-cols-5">
        {facts.map((fact) => (
          <div key={fact.name} className="rounded-lg border border-line bg-surface px-4 py-3">
            <dt className="text-xs text-ink-soft">{fact.name}</dt>
            <dd className="mt-1 font-medium">{fact.value}</dd>
          </div>
        ))}
      </dl>
      <Section title={t('about.components', { count: components.length })}>
        <div className="max-h-120 overflow-y-auto rounded-lg border border-line bg-surface" tabIndex={0}>
          <table className="w-full text-sm">
            <caption className="sr-only">{t('about.components', { count: components.length })}</caption>
            <thead className="sticky top-0 bg-surface text-xs text-ink-soft">
              <tr>
                {[t('about.component'), t('about.version'), t('about.licence')].map((head) => (
                  <th key={head} scope="col" className="px-4 py-2 text-start font-semibold">
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {components.map((component) => (
                <tr key={`${component.name} ${component.version}`} className="border-t border-line">
                  <td className="px-4 py-1.5 [overflow-wrap:anywhere]">{component.name}</td>
                  <td className="px-4 py-1.5 tabular-nums">{component.version}</td>
                  <td className="px-4 py-1.5">{component.licence}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
      <Section title={t('about.notice')}>
        <pre
          lang="en"
          tabIndex={0}
          className="max-h-96 overflow-auto rounded-lg border border-line bg-surface p-4 text-xs whitespace-pre-wrap"
        >
          {notice}
        </pre>
      </Section>
    </>
  );
}
