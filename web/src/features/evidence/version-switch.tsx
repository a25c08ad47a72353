import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { documentQuery } from '../../api/versions.ts';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/select.tsx';
import { formatDate } from '../../i18n/format.ts';
import { useLanguage, useTranslation } from '../../i18n/index.ts';
import { Changes } from '../documents/versions.tsx';

interface VersionSwitchProps {
  readonly documentId: string;
  /** The version that the answer rests on. */
  readonly citedId: string;
  readonly openId: string;
  onOpen(versionId: string): void;
}

/** The versions of a cited document; another one is shown beside what differs from the one that was cited. */
export function VersionSwitch({ documentId, citedId, openId, onOpen }: VersionSwitchProps) {
  const t = useTranslation();
  const language = useLanguage();
  const id = useId();
  const [isComparing, setIsComparing] = useState(true);
  const { data } = useQuery(documentQuery(documentId));
  const versions = data?.versions ?? [];
  if (versions.length < 2) return null;
  return (
    <div className="mt-3 mb-4">
      <label htmlFor={id} className="text-xs font-semibold text-ink-soft">
        {t('evidence.version')}
      </label>
      <div className="mt-1 flex flex-wrap items-center gap-2">
        <Select
          id={id}
          value={openId}
          className="min-w-0 flex-1 basis-48"
          onChange={(event) => onOpen(event.target.value)}
        >
          {versions.map((version) => (
            <option key={version.id} value={version.id}>
              {t('evidence.validFrom', { date: formatDate(version.validFrom, language) })}
              {version.id === citedId && ` – ${t('evidence.citedVersion')}`}
            </option>
          ))}
        </Select>
        {openId !== citedId && (
          <Button aria-pressed={isComparing} onClick={() => setIsComparing(!isComparing)}>
            {t('evidence.compare')}
          </Button>
        )}
      </div>
      {openId !== citedId && isComparing && (
        <div className="mt-3">
          <Changes documentId={documentId} from={citedId} to={openId} />
        </div>
      )}
    </div>
  );
}
