import { Anchor, Button, Drawer, Group, Switch, Text, TextInput } from '@mantine/core';
import type { DraftEntry, EntryKind, RuleDraft } from '@relecture/shared/routing/drafts.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from '../admin/admin.module.css';
import { plain } from '../admin/plain';
import { currentLanguage } from '../i18n';
import { IcdoName } from '../ui/IcdoName';
import { useConditionWords } from './condition-words';
import { EntryForm } from './EntryForm';

/** What it is called, and what it says; an entity is named by its morphology. */
function useWords(draft: RuleDraft): (what: DraftEntry) => { name: string | null; says: string } {
  const language = currentLanguage();
  const conditions = useConditionWords(draft);
  return ({ kind, entry }) => {
    switch (kind) {
      case 'outside':
      case 'contradiction':
        return { name: entry.because[language], says: conditions(entry.when) };
      case 'words':
        return { name: null, says: entry.words.join(', ') };
      case 'suspicion':
        return { name: null, says: `${entry.sites.join(', ')} : ${entry.because[language]}` };
      case 'siteGroup':
      case 'morphologyGroup':
        return { name: `${entry.names[language]} (@${entry.name})`, says: entry.ranges.join(', ') };
    }
  };
}

interface EntryTableProps {
  draft: RuleDraft;
  kind: EntryKind;
  onChange: (draft: RuleDraft) => void;
}

/** One part of the rule set beside the rules of its networks: read as a table, written in a form. */
export function EntryTable({ draft, kind, onChange }: EntryTableProps) {
  const { t } = useTranslation('admin');
  const { t: ui } = useTranslation('ui');
  const wordsOf = useWords(draft);
  const [text, setText] = useState('');
  const [onlyChanges, setOnlyChanges] = useState(false);
  const [editedKey, setEditedKey] = useState<string | null>(null);
  const entries = draft.entries.filter(({ what }) => what.kind === kind);
  const removed = draft.removedEntries.filter((ref) => ref.kind === kind).map(({ key }) => key);
  const shown = entries
    .filter(({ mark }) => !onlyChanges || mark !== null)
    .filter(({ key, what }) => {
      const { name, says } = wordsOf(what);
      return plain([key, name, says].join(' ')).includes(plain(text));
    });
  const edited = entries.find(({ key }) => key === editedKey) ?? null;
  return (
    <section>
      <Text c="dimmed" mb="sm">
        {t(`rules.partsAbout.${kind}`)}
      </Text>
      <Group mb="sm" align="flex-end">
        <TextInput
          label={t('rules.searchEntry')}
          w={320}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Switch
          label={t('rules.onlyChanges')}
          checked={onlyChanges}
          onChange={(event) => setOnlyChanges(event.currentTarget.checked)}
        />
        <Button variant="default" onClick={() => setEditedKey('')}>
          {t('rules.addEntry')}
        </Button>
      </Group>
      {removed.length > 0 ? (
        <Text c="var(--tone-amber)">{t('rules.removedRules', { ids: removed.join(', ') })}</Text>
      ) : null}
      <table className={classes.table} data-testid="rule-entries">
        <caption className="heard-only">{t(`rules.parts.${kind}`)}</caption>
        <thead>
          <tr>
            <th scope="col" style={{ width: '40%' }}>
              {t('rules.columnsEntry.key')}
            </th>
            <th scope="col">{t('rules.columnsEntry.what')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ key, what, mark }) => (
            <tr key={key}>
              <td>
                <Anchor
                  component="button"
                  type="button"
                  ta="start"
                  className={classes.open}
                  onClick={() => setEditedKey(key)}
                >
                  {wordsOf(what).name ?? <IcdoName code={key} />}
                </Anchor>
                {mark ? <span className={classes.secondary}>{t(`rules.marks.${mark}`)}</span> : null}
              </td>
              <td className={classes.dim}>{wordsOf(what).says}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Drawer
        opened={editedKey !== null}
        onClose={() => setEditedKey(null)}
        position="right"
        size={560}
        title={
          edited
            ? t('rules.editEntry', { key: edited.key })
            : t('rules.newEntry', { part: t(`rules.parts.${kind}`) })
        }
        closeButtonProps={{ 'aria-label': ui('close') }}
      >
        {editedKey !== null ? (
          <EntryForm
            key={editedKey}
            draft={draft}
            kind={kind}
            entry={edited}
            onChange={(next) => {
              onChange(next);
              setEditedKey(null);
            }}
          />
        ) : null}
      </Drawer>
    </section>
  );
}
