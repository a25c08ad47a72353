import { useState } from 'react';
import { useMay } from '../../api/session.ts';
import { PageHeader } from '../../app/page-header.tsx';
import { Tabs } from '../../components/tabs.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { GroupsTab } from './groups-tab.tsx';
import { PeopleTab } from './people-tab.tsx';
import { RightsTab } from './rights-tab.tsx';

type View = 'people' | 'groups' | 'rights';

/** Who may come in, what they may do and what they may read. */
export function PeoplePage() {
  const t = useTranslation();
  const mayManageRights = useMay('rights.manage');
  const [view, setView] = useState<View>('people');
  const views: readonly View[] = mayManageRights ? ['people', 'groups', 'rights'] : ['people', 'groups'];
  return (
    <div className="flex h-full flex-col">
      <PageHeader title="" />
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pb-16 sm:px-8">
        <div className="mx-auto max-w-240">
          <h1 className="text-xl font-semibold">{t('people.title')}</h1>
          <p className="mt-1 text-ink-soft">{t('people.subtitle')}</p>
          <Tabs<View>
            label={t('people.tabs')}
            tabs={views.map((id) => ({ id, title: t(`people.${id}`) }))}
            chosen={view}
            onChoose={setView}
          >
            {view === 'people' && <PeopleTab />}
            {view === 'groups' && <GroupsTab />}
            {view === 'rights' && <RightsTab />}
          </Tabs>
        </div>
      </div>
    </div>
  );
}
