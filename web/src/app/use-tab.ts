import { useNavigate, useSearch } from '@tanstack/react-router';

/** The tab that the address names, or the first one; choosing is a step that Back undoes. */
export function useTab<Id extends string>(tabs: readonly [Id, ...Id[]]): readonly [Id, (id: Id) => void] {
  const search: { tab?: unknown } = useSearch({ strict: false });
  const navigate = useNavigate();
  const chosen = tabs.find((id) => id === search.tab) ?? tabs[0];
  const choose = (id: Id) => void navigate({ to: '.', search: id === tabs[0] ? {} : { tab: id } });
  return [chosen, choose];
}
