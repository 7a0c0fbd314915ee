import { Tabs, Text } from '@mantine/core';
import type { Point } from '@relecture/shared/annotations/geometry.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import type { Slide } from '@relecture/shared/slides/schema.js';
import { useTranslation } from 'react-i18next';
import { ReportPanel } from '../../report/ReportPanel';
import type { ReportDraftDesk } from '../../report/use-report-draft';
import { formatNumber } from '../../ui/format';
import type { AnnotationStore } from '../annotate/annotation-store';
import type { ShownAnnotation } from '../annotate/content';
import classes from '../ReadingRoom.module.css';
import type { SlideView } from '../slide/slide-view';
import type { AnnotationDesk } from '../use-annotation-desk';
import { AnnotationsPanel } from './AnnotationsPanel';
import { ContextPanel } from './ContextPanel';

const TABS = ['annotations', 'report', 'context'] as const;
export type PanelTab = (typeof TABS)[number];

interface SidePanelProps {
  tab: PanelTab;
  onTab: (tab: PanelTab) => void;
  caseRecord: CasePage;
  review: Review;
  slide: Slide | null;
  editable: boolean;
  mine: boolean;
  desk: AnnotationDesk;
  onShow: (annotation: ShownAnnotation) => void;
  draft: ReportDraftDesk;
  store: AnnotationStore;
  view: SlideView | null;
  onOpenSlide: (slideId: string, at?: Point) => void;
}

export function SidePanel(props: SidePanelProps) {
  const { t } = useTranslation('viewer');
  const { tab, onTab, caseRecord, review, slide, editable, mine, desk, draft, store } = props;
  return (
    <aside className={classes.panel} aria-label={t('panel.label')}>
      <Tabs
        value={tab}
        onChange={(next) => onTab(TABS.find((each) => each === next) ?? 'annotations')}
        keepMounted={false}
        style={{ display: 'flex', flexDirection: 'column', minHeight: 0, flex: 1 }}
      >
        <Tabs.List grow>
          <Tabs.Tab
            value="annotations"
            rightSection={
              desk.annotations.length > 0 ? (
                <Text span size="xs" c="dimmed">
                  {formatNumber(desk.annotations.length)}
                </Text>
              ) : null
            }
          >
            {t('panel.annotations')}
          </Tabs.Tab>
          <Tabs.Tab value="report">{t('panel.report')}</Tabs.Tab>
          <Tabs.Tab value="context">{t('panel.context')}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="annotations" className={classes.panelBody}>
          <AnnotationsPanel desk={desk} slide={slide} editable={editable} onShow={props.onShow} />
        </Tabs.Panel>
        <Tabs.Panel value="report" className={classes.panelBody}>
          <ReportPanel
            caseRecord={caseRecord}
            review={review}
            editable={editable}
            mine={mine}
            draft={draft}
            flushAnnotations={() => store.queue.flush()}
          />
        </Tabs.Panel>
        <Tabs.Panel value="context" className={classes.panelBody}>
          <ContextPanel
            caseRecord={caseRecord}
            review={review}
            slide={slide}
            mine={mine}
            view={props.view}
            onOpenSlide={props.onOpenSlide}
          />
        </Tabs.Panel>
      </Tabs>
    </aside>
  );
}
