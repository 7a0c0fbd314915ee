import { Autocomplete } from '@mantine/core';
import { USUAL_STAINS } from './stains';

interface StainFieldProps {
  label: string;
  value: string;
  suggestions?: string[];
  onChange: (value: string) => void;
  /** What was typed or chosen is settled: the field was left, an option chosen, Enter pressed. */
  onSettle?: (value: string) => void;
}

/** A stain or a marker: the usual ones are offered, any word is taken. */
export function StainField({
  label,
  value,
  suggestions = USUAL_STAINS,
  onChange,
  onSettle,
}: StainFieldProps) {
  return (
    <Autocomplete
      aria-label={label}
      placeholder={label}
      data={suggestions}
      maxLength={60}
      limit={12}
      value={value}
      onChange={onChange}
      onBlur={() => onSettle?.(value)}
      onOptionSubmit={onSettle}
      onKeyDown={(event) => {
        if (event.key === 'Enter') onSettle?.(value);
      }}
      selectFirstOptionOnChange={false}
    />
  );
}
