import { Combobox, InputBase, Loader, Text, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type IcdoEntry, type IcdoKind, readIcdo3, searchIcdo3 } from '../api/icdo3';
import { keys } from '../api/keys';
import { currentLanguage } from '../i18n';

interface IcdoSearchProps {
  kind: IcdoKind;
  label: string;
  description?: string;
  required?: boolean;
  value: string | null;
  /** `entry` is what was chosen, with its words. */
  onChange: (code: string | null, entry?: IcdoEntry) => void;
  error?: string | undefined;
  testId?: string;
  /** The checklist line this field answers. */
  line?: string;
  disabled?: boolean;
}

/** Finds an ICD-O-3 site or morphology by words ("lymphome folliculaire", "adp cervicale") or by code. */
export function IcdoSearch(props: IcdoSearchProps) {
  const { t } = useTranslation('ui');
  const language = currentLanguage();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  /** What is being typed; null while nothing is. */
  const [typed, setTyped] = useState<string | null>(null);
  const [text] = useDebouncedValue((typed ?? '').trim(), 180);
  const searching = text.length >= 2;
  const found = useQuery({
    queryKey: keys.icdo3.search(props.kind, text, language),
    queryFn: ({ signal }) => searchIcdo3(props.kind, text, language, signal),
    enabled: searching && typed !== null,
    staleTime: 10 * 60_000,
    placeholderData: (previous) => previous,
  });
  const chosen = useQuery({
    queryKey: keys.icdo3.one(props.value ?? '', language),
    queryFn: () => readIcdo3(props.value ?? '', language),
    enabled: props.value !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const options: IcdoEntry[] = searching ? (found.data?.items ?? []) : [];
  const shown = props.value === null ? '' : (chosen.data?.label ?? props.value);

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={(code) => {
        props.onChange(
          code,
          options.find((entry) => entry.code === code),
        );
        setTyped(null);
        combobox.closeDropdown();
      }}
    >
      <Combobox.Target>
        <InputBase
          label={props.label}
          description={props.description}
          required={props.required}
          disabled={props.disabled}
          error={props.error}
          data-testid={props.testId}
          data-line={props.line}
          placeholder={t('icdo.placeholder')}
          autoComplete="off"
          value={typed ?? shown}
          onFocus={() => {
            if (typed !== null) combobox.openDropdown();
          }}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
            if (event.currentTarget.value === '') props.onChange(null);
          }}
          onBlur={() => {
            combobox.closeDropdown();
            setTyped(null);
          }}
          rightSectionPointerEvents="auto"
          rightSectionWidth={props.value && typed === null ? 84 : undefined}
          rightSection={
            found.isFetching ? (
              <Loader size={16} />
            ) : props.value !== null && typed === null ? (
              <span style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
                <Text span size="xs" c="dimmed">
                  {props.value}
                </Text>
                <Combobox.ClearButton aria-label={t('icdo.clear')} onClear={() => props.onChange(null)} />
              </span>
            ) : null
          }
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options aria-label={t('icdo.found')} mah={320} style={{ overflowY: 'auto' }}>
          {options.map((entry) => (
            <Combobox.Option value={entry.code} key={entry.code}>
              <span style={{ display: 'flex', justifyContent: 'space-between', gap: 12 }}>
                <span>
                  {entry.label}
                  {entry.synonym && entry.synonym !== entry.label ? (
                    <Text span size="xs" c="dimmed">
                      {' '}
                      {t('icdo.also', { word: entry.synonym })}
                    </Text>
                  ) : null}
                </span>
                <Text span size="xs" c="dimmed">
                  {entry.code}
                </Text>
              </span>
            </Combobox.Option>
          ))}
          {options.length === 0 ? (
            <Combobox.Empty>
              {!searching
                ? t('icdo.typeMore')
                : found.isError
                  ? t('icdo.failed')
                  : found.isFetching
                    ? t('icdo.searching')
                    : t('icdo.nothing', { text })}
            </Combobox.Empty>
          ) : null}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
