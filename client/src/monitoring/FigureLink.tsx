import { Anchor } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link, useSearchParams } from 'react-router';
import type { Facts } from './board-filters';

export interface FigureFacts extends Facts {
  network?: string;
  reviewer?: string;
  status?: string;
}

interface FigureLinkProps {
  facts: FigureFacts;
  /** What the link is heard as: the figure alone says nothing. */
  label: string;
  children: ReactNode;
}

/** A figure leads to the readings it was made of: the list above, with the filters that say which. */
export function FigureLink({ facts, label, children }: FigureLinkProps) {
  const [address] = useSearchParams();
  const network = address.get('network');
  const named = Object.entries({ ...(network ? { network } : {}), ...facts }).flatMap(([name, value]) =>
    value === null || value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return (
    <Anchor
      component={Link}
      to={`/board?${new URLSearchParams(named)}`}
      aria-label={label}
      inherit
      onClick={() => document.getElementById('board-list')?.scrollIntoView({ block: 'start' })}
    >
      {children}
    </Anchor>
  );
}
