import type { Point } from '@relecture/shared/annotations/geometry.js';
import { OBJECTIVES } from '@relecture/shared/annotations/scale.js';
import type { Tool } from '@relecture/shared/annotations/stroke.js';
import type { CasePage } from '@relecture/shared/cases/page.js';
import { room } from '@relecture/shared/events/sockets.js';
import type { Review } from '@relecture/shared/reviews/schema.js';
import type { User } from '@relecture/shared/users/schema.js';
import { IconMicroscope } from '@tabler/icons-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { useRoom } from '../realtime/hooks';
import { useReportDraft } from '../report/use-report-draft';
import { EmptyState } from '../ui/EmptyState';
import { PurgeWords } from '../ui/PurgeWords';
import type { Category, ShownAnnotation } from './annotate/content';
import { cachedBounds } from './annotate/paint';
import { KeyList } from './KeyList';
import { useKeys } from './keys';
import { type PanelTab, SidePanel } from './panels/SidePanel';
import classes from './ReadingRoom.module.css';
import { SlideTray } from './SlideTray';
import { type OpenStage, Stage } from './Stage';
import { SavedState } from './save/SavedState';
import { isReadable } from './slide/slide-tile-source';
import { FIELD_STEP, PAN_STEP } from './slide/slide-view';
import { Toolbar } from './Toolbar';
import { TopBar } from './TopBar';
import { useAnnotationDesk } from './use-annotation-desk';
import { useAnnotationStore } from './use-annotations';
import { readAddress, useAskedField } from './use-asked-field';
import { useReadMark } from './use-read-mark';

interface RoomProps {
  caseRecord: CasePage;
  review: Review;
  /** Is this person the review's reader? */
  mine: boolean;
  user: User;
}

const EDITABLE: readonly Review['status'][] = ['assigned', 'in_review', 'on_hold', 'preliminary'];

export function Room({ caseRecord, review, mine, user }: RoomProps) {
  const { t } = useTranslation('viewer');
  const navigate = useNavigate();
  const { slideId: askedFor } = useParams();
  const editable = mine && EDITABLE.includes(review.status);

  const slides = caseRecord.slides.filter((slide) => slide.state !== 'removed');
  const readable = slides.filter(isReadable);
  const purged = slides.find(({ purge }) => purge !== null);
  // Chosen once: reading a slide makes another one the first unread, and the view must not run after it.
  const [firstId] = useState(
    () => readable.find((each) => !review.readSlideIds.includes(each.id))?.id ?? null,
  );
  const slide =
    readable.find((each) => each.id === askedFor) ??
    readable.find((each) => each.id === firstId) ??
    readable[0] ??
    null;

  const store = useAnnotationStore(review.id, user);
  const draft = useReportDraft(review.id, user.id, editable);
  const annotationQueue = useSyncExternalStore(store.queue.subscribe, store.queue.getSnapshot);
  useReadMark(review, slide?.id ?? null, editable && (slide === null || slide.id === askedFor));
  useRoom(slide ? room.slide(slide.id) : null);

  const [stage, setStage] = useState<OpenStage | null>(null);
  const [tool, setTool] = useState<Tool>('select');
  const [category, setCategory] = useState<Category>('region');
  const [hidden, setHidden] = useState(false);
  const [tab, setTab] = useState<PanelTab>('annotations');
  const [panelOpen, setPanelOpen] = useState(() => window.innerWidth > 1000);
  const [help, setHelp] = useState(false);
  const desk = useAnnotationDesk({ store, review, slideId: slide?.id ?? null, editable, category });

  const openSlide = (slideId: string, at?: Point) => {
    // Sends what waits now; what cannot leave stays on this computer and follows later.
    store.queue.flush().catch(reportError);
    void navigate(readAddress(review.id, slideId, at), { replace: true });
  };
  useEffect(() => {
    if (slide && slide.id !== askedFor)
      void navigate(`/reviews/${review.id}/read/${slide.id}`, { replace: true });
  }, [slide, askedFor, navigate, review.id]);
  const step = (by: 1 | -1) => {
    const next = readable[readable.findIndex((each) => each.id === slide?.id) + by];
    if (next) openSlide(next.id);
  };
  const show = (annotation: ShownAnnotation) => {
    desk.select(annotation.id);
    stage?.view.show(cachedBounds(annotation.shape));
  };
  const stepAnnotation = (by: 1 | -1) => {
    const { annotations, selectedId } = desk;
    const at = annotations.findIndex((each) => each.id === selectedId);
    const next = annotations[at < 0 && by < 0 ? annotations.length - 1 : at + by];
    if (next) show(next);
  };
  const pickTool = (next: Tool) => {
    if (next === 'select' || editable) setTool(next);
    if (next !== 'select') setHidden(false);
  };

  const view = stage?.view;
  useAskedField(view ?? null);
  const layer = stage?.layer;
  useKeys(
    {
      objective: (index) => view?.showObjective(OBJECTIVES[index] ?? 1.25),
      pan: (across, down, whole) => {
        const by = whole ? FIELD_STEP : PAN_STEP;
        view?.pan(across * by, down * by);
      },
      zoom: (direction) => view?.zoomBy(direction > 0 ? 1.4 : 1 / 1.4),
      rotate: (degrees) => view?.rotateBy(degrees),
      hold: (held) => {
        if (layer) layer.spaceHeld = held;
      },
      act: (action) => {
        switch (action) {
          case 'fit':
            return view?.fit();
          case 'previousSlide':
            return step(-1);
          case 'nextSlide':
            return step(1);
          case 'place':
            return layer?.clickAtCentre();
          case 'back':
            return layer?.takeBack();
          case 'escape':
            if (layer?.abandon()) return;
            if (tool !== 'select') setTool('select');
            else desk.select(null);
            return;
          case 'previousAnnotation':
            return stepAnnotation(-1);
          case 'nextAnnotation':
            return stepAnnotation(1);
          case 'remove':
            return desk.removeSelected();
          case 'undo':
            // A corner just put is what there is to undo, while a stroke is in hand.
            if (!layer?.takeBack()) desk.undo();
            return;
          case 'redo':
            return desk.redo();
          case 'hide':
            return setHidden(!hidden);
          case 'panel':
            return setPanelOpen(!panelOpen);
          case 'help':
            return setHelp(true);
          default:
            return pickTool(action);
        }
      },
    },
    !help,
  );

  const retry = () => {
    store.queue.retryNow();
    draft.retryNow();
  };
  return (
    <main className={classes.room} data-testid="reading-room">
      <h1 className="heard-only">{t('heading', { number: caseRecord.number })}</h1>
      <TopBar
        caseRecord={caseRecord}
        review={review}
        slide={slide}
        view={view ?? null}
        saved={
          editable || annotationQueue.entries.size > 0 ? (
            <SavedState queues={[annotationQueue, draft.snapshot]} onRetry={retry} />
          ) : null
        }
        panelOpen={panelOpen}
        onPanel={() => setPanelOpen(!panelOpen)}
        onStep={step}
      />
      <SlideTray
        slides={slides}
        openId={slide?.id ?? null}
        readIds={review.readSlideIds}
        onOpen={openSlide}
      />
      <Toolbar
        tool={tool}
        onTool={pickTool}
        category={category}
        onCategory={setCategory}
        editable={editable && slide !== null}
        hidden={hidden}
        canUndo={desk.canUndo}
        canRedo={desk.canRedo}
        onUndo={desk.undo}
        onRedo={desk.redo}
        onHide={() => setHidden(!hidden)}
        onFit={() => view?.fit()}
        onRotate={() => view?.rotateBy(90)}
        onHelp={() => setHelp(true)}
      />
      {slide ? (
        <Stage
          key={slide.id}
          slide={slide}
          annotations={desk.annotations}
          selectedId={desk.selectedId}
          tool={tool}
          category={category}
          editable={editable}
          hidden={hidden}
          onOpen={setStage}
          onTool={pickTool}
          onDrawn={desk.add}
          onReshaped={desk.reshape}
          onSelected={desk.select}
        />
      ) : (
        <section className={classes.stage} style={{ background: 'inherit' }}>
          <EmptyState
            icon={<IconMicroscope size={32} />}
            title={t(purged ? 'stage.purged' : 'stage.nothing')}
            description={purged ? <PurgeWords slide={purged} /> : t('stage.nothingHint')}
          />
        </section>
      )}
      {panelOpen ? (
        <SidePanel
          tab={tab}
          onTab={setTab}
          caseRecord={caseRecord}
          review={review}
          slide={slide}
          editable={editable}
          mine={mine}
          desk={desk}
          onShow={show}
          draft={draft}
          store={store}
          view={view ?? null}
          onOpenSlide={openSlide}
        />
      ) : null}
      <KeyList opened={help} onClose={() => setHelp(false)} />
    </main>
  );
}
