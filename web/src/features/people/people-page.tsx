import { useMay } from '../../api/session.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { useTab } from '../../app/use-tab.ts';
import { Tabs } from '../../components/tabs.tsx';
import { useTranslation } from '../../i18n/index.ts';
import { GroupsTab } from './groups-tab.tsx';
import { LimitsTab } from './limits-tab.tsx';
import { PeopleTab } from './people-tab.tsx';
import { ReviewTab } from './review-tab.tsx';
import { RightsTab } from './rights-tab.tsx';

type View = 'people' | 'groups' | 'rights' | 'review' | 'limits';

/** Who may come in, what they may do, what they may read and how much they may use. */
export function PeoplePage() {
  const t = useTranslation();
  const mayManageRights = useMay('rights.manage');
  const mayReview = useMay('rights.explain');
  const mayLimits = useMay('usage.read');
  const views: readonly [View, ...View[]] = [
    'people',
    'groups',
    ...(mayManageRights ? (['rights'] as const) : []),
    ...(mayReview ? (['review'] as const) : []),
    ...(mayLimits ? (['limits'] as const) : []),
  ];
  const [view, setView] = useTab<View>(views);
  return (
    <PageFrame title={t('people.title')} subtitle={t('people.subtitle')}>
      <Tabs<View>
        label={t('people.tabs')}
        tabs={views.map((id) => ({ id, title: t(`people.${id}`) }))}
        chosen={view}
        onChoose={setView}
      >
        {view === 'people' && <PeopleTab />}
        {view === 'groups' && <GroupsTab />}
        {view === 'rights' && <RightsTab />}
        {view === 'review' && <ReviewTab />}
        {view === 'limits' && <LimitsTab />}
      </Tabs>
    </PageFrame>
  );
}
