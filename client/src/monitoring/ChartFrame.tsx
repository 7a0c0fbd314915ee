import { Button, Collapse, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';
import classes from './monitoring.module.css';

interface ChartFrameProps {
  title: string;
  about: string;
  head: string[];
  /** The same figures as the drawing, first cell the row's name. */
  rows: { key: string; cells: ReactNode[] }[];
  /** Shown in the place of the drawing, when there is nothing to draw. */
  empty?: string | null;
  children: ReactNode;
}

/** A drawing for the eye, and its figures as a table for everyone. */
export function ChartFrame({ title, about, head, rows, empty = null, children }: ChartFrameProps) {
  const { t } = useTranslation('monitoring');
  const [open, table] = useDisclosure(false);
  const id = useId();
  return (
    <section className={`sheet ${classes.chart}`} aria-labelledby={id}>
      <Title order={3} id={id}>
        {title}
      </Title>
      <Text size="sm" c="dimmed" mb="sm">
        {about}
      </Text>
      {empty === null ? (
        <div aria-hidden>{children}</div>
      ) : (
        <Text className={classes.chartEmpty}>{empty}</Text>
      )}
      <Button variant="subtle" size="compact-sm" mt={6} aria-expanded={open} onClick={table.toggle}>
        {t(open ? 'charts.hideFigures' : 'charts.figures')}
        <span className="heard-only"> ({title})</span>
      </Button>
      <Collapse expanded={open}>
        <table className={classes.chartTable}>
          <caption className="heard-only">{title}</caption>
          <thead>
            <tr>
              {head.map((words) => (
                <th key={words} scope="col">
                  {words}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.key}>
                {row.cells.map((cell, index) =>
                  index === 0 ? (
                    <th key={head[index]} scope="row">
                      {cell}
                    </th>
                  ) : (
                    <td key={head[index]}>{cell}</td>
                  ),
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </Collapse>
    </section>
  );
}
