import { Button, Text, UnstyledButton } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './ContextChips.module.css';
import { CONTEXT_GROUPS, type ContextGroup } from './contexts';

interface ContextChipsProps {
  value: string[];
  onChange: (codes: string[]) => void;
}

const GROUPS = Object.keys(CONTEXT_GROUPS) as ContextGroup[];
/** Asked less often: shown on demand, and whenever one of them is chosen. */
const RARE: ContextGroup[] = ['exposure', 'predisposition'];

/** What makes a case particular, as words to press. One stop of the Tab key for all: the arrows walk inside. */
export function ContextChips({ value, onChange }: ContextChipsProps) {
  const { t } = useTranslation('submission');
  const [all, setAll] = useState(false);
  const chosenRare = RARE.some((group) => CONTEXT_GROUPS[group].some((code) => value.includes(code)));
  const groups = GROUPS.filter((group) => all || chosenRare || !RARE.includes(group));
  const box = useRef<HTMLDivElement>(null);

  const walk = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined || !box.current) return;
    const chips = [...box.current.querySelectorAll<HTMLButtonElement>('button')];
    const at = chips.indexOf(document.activeElement as HTMLButtonElement);
    const next = chips[(at + step + chips.length) % chips.length];
    event.preventDefault();
    for (const chip of chips) chip.tabIndex = chip === next ? 0 : -1;
    next?.focus();
  };

  return (
    <div>
      <Text fw={500} id="contexts-title">
        {t('contexts.title')}
      </Text>
      <Text size="sm" c="dimmed" mb={6}>
        {t('contexts.about')}
      </Text>
      <div
        ref={box}
        role="toolbar"
        aria-labelledby="contexts-title"
        onKeyDown={walk}
        className={classes.groups}
      >
        {groups.map((group, groupIndex) => (
          <div key={group} className={classes.group}>
            <Text size="xs" c="dimmed" className={classes.name}>
              {t(`contexts.groups.${group}`)}
            </Text>
            <div className={classes.chips}>
              {CONTEXT_GROUPS[group].map((code, index) => {
                const chosen = value.includes(code);
                return (
                  <UnstyledButton
                    key={code}
                    className={classes.chip}
                    aria-pressed={chosen}
                    tabIndex={groupIndex === 0 && index === 0 ? 0 : -1}
                    onClick={() =>
                      onChange(chosen ? value.filter((other) => other !== code) : [...value, code])
                    }
                  >
                    {chosen ? <IconCheck size={14} aria-hidden /> : null}
                    {t(`contexts.codes.${code}`)}
                  </UnstyledButton>
                );
              })}
            </div>
          </div>
        ))}
      </div>
      {groups.length < GROUPS.length ? (
        <Button variant="subtle" size="compact-sm" mt={6} onClick={() => setAll(true)}>
          {t('contexts.more')}
        </Button>
      ) : null}
    </div>
  );
}
