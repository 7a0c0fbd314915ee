import { TextInput, type TextInputProps } from '@mantine/core';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readDate, today, writeDate } from './typed-date';

interface DateFieldProps
  extends Omit<TextInputProps, 'value' | 'onChange' | 'error' | 'type' | 'max' | 'min'> {
  /** `YYYY-MM-DD`, or null. */
  value: string | null;
  onChange: (date: string | null) => void;
  /** A date that lies in the future is a slip of the hand. */
  pastOnly?: boolean;
  /** What the other dates say against this one. */
  problem?: string | null;
  /** Unlikely, and accepted. */
  doubt?: string | null;
  /** Checklist line, see `go-to-line`. */
  'data-line'?: string | undefined;
}

/**
 * A date typed as people write it: 12/11/2026, 12112026, 12 11 2026. The browser's own field follows the language of
 * the browser, not of the page, and would show months before days.
 */
export function DateField({
  value,
  onChange,
  pastOnly = false,
  onBlur,
  problem,
  doubt,
  ...input
}: DateFieldProps) {
  const { t } = useTranslation('ui');
  const [text, setText] = useState(() => writeDate(value));
  const [left, setLeft] = useState(false);
  // Changed from elsewhere (another tab, a colleague): what is shown follows, unless it already says the same.
  useEffect(() => {
    setText((shown) =>
      readDate(shown) === value || (value === null && shown !== '') ? shown : writeDate(value),
    );
  }, [value]);
  const date = readDate(text);
  const future = date !== null && pastOnly && date > today();
  const wrong = text.trim() !== '' && (date === null || future);
  return (
    <TextInput
      {...input}
      value={text}
      placeholder={t('date.placeholder')}
      inputMode="numeric"
      autoComplete="off"
      maxLength={24}
      error={left && wrong ? t(future ? 'date.future' : 'date.wrong') : (problem ?? undefined)}
      {...(doubt && !problem
        ? {
            description: doubt,
            descriptionProps: { style: { color: 'var(--tone-amber)' }, 'data-testid': 'date-doubt' },
            inputWrapperOrder: ['label', 'input', 'description', 'error'] as const,
          }
        : {})}
      onChange={(event) => {
        const typed = event.currentTarget.value;
        setText(typed);
        setLeft(false);
        const next = readDate(typed);
        onChange(next !== null && pastOnly && next > today() ? null : next);
      }}
      onBlur={(event) => {
        setLeft(true);
        if (date !== null) setText(writeDate(date));
        onBlur?.(event);
      }}
    />
  );
}
