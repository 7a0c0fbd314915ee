import { Button, Group, Radio, Stack } from '@mantine/core';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Draft } from './draft';
import { Section, type SectionProps } from './Section';
import { ShipmentForm } from './ShipmentForm';
import { Shipments } from './Shipments';
import { SlidesPart } from './SlidesPart';

interface MaterialSectionProps extends SectionProps {
  draft: Draft;
  page: CasePage | null;
}

/** Slides digitised here, or a parcel: a laboratory without a scanner can send a case. */
export function MaterialSection({ content, change, draft, page }: MaterialSectionProps) {
  const { t } = useTranslation('submission');
  const [another, setAnother] = useState(false);
  const declared = page?.shipments.length ?? 0;
  const byShipment = content.materialBy === 'shipment';
  return (
    <Section id="material" title={t('material.title')}>
      <Stack gap="md">
        <Radio.Group
          aria-label={t('material.by')}
          value={content.materialBy}
          onChange={(value) => change({ materialBy: value === 'shipment' ? 'shipment' : 'slides' })}
        >
          <Group gap="lg">
            <Radio
              value="slides"
              label={t('material.slides')}
              data-line={byShipment ? undefined : 'material'}
            />
            <Radio
              value="shipment"
              label={t('material.shipment')}
              data-line={byShipment ? 'material' : undefined}
            />
          </Group>
        </Radio.Group>
        {byShipment ? null : (
          <SlidesPart
            getCaseId={() => draft.ensureSaved()}
            caseId={page?.id ?? null}
            slides={page?.slides ?? []}
          />
        )}
        {page && page.shipments.length > 0 ? <Shipments page={page} /> : null}
        {byShipment && declared > 0 && !another ? (
          <Button variant="default" style={{ alignSelf: 'flex-start' }} onClick={() => setAnother(true)}>
            {t('shipment.another')}
          </Button>
        ) : null}
        {byShipment && (declared === 0 || another) ? (
          <ShipmentForm
            getCaseId={() => draft.ensureSaved()}
            block={content.specimens[0]?.label ?? content.patient?.localExamNumber ?? ''}
            mayLeave={false}
            onDeclared={() => setAnother(false)}
            {...(another ? { onCancel: () => setAnother(false) } : {})}
          />
        ) : null}
      </Stack>
    </Section>
  );
}
