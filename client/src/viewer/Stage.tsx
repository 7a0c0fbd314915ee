import { Alert, Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Stroke, Tool } from '@relecture/shared/annotations/stroke.js';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { renew } from '../api/session';
import { AnnotationLayer, type LayerEvents } from './annotate/annotation-layer';
import type { LayerState } from './annotate/annotation-painter';
import classes from './ReadingRoom.module.css';
import { Readouts } from './Readouts';
import type { ReadableSlide } from './slide/slide-tile-source';
import { SlideView } from './slide/slide-view';
import { retryFailedTiles, type TileRetry } from './slide/tile-retry';
import { wordMeasure } from './words';

export interface OpenStage {
  view: SlideView;
  layer: AnnotationLayer;
}

interface StageProps extends LayerState {
  slide: ReadableSlide;
  onOpen: (stage: OpenStage | null) => void;
  onDrawn: LayerEvents['drawn'];
  onReshaped: LayerEvents['reshaped'];
  onSelected: LayerEvents['selected'];
  onTool: (tool: Tool) => void;
}

const ABANDONED = 'stroke-abandoned';
const CURSORS: Partial<Record<Tool, string>> = { select: 'default' };

/** The slide itself: OpenSeadragon, the annotations above it, the minimap and what is read off the corners. */
export function Stage(props: StageProps) {
  const { t } = useTranslation(['viewer', 'ui']);
  const { slide } = props;
  const element = useRef<HTMLDivElement>(null);
  const minimap = useRef<HTMLDivElement>(null);
  const shapes = useRef<HTMLCanvasElement>(null);
  const hand = useRef<HTMLCanvasElement>(null);
  const [stage, setStage] = useState<OpenStage | null>(null);
  const [retry, setRetry] = useState<TileRetry | null>(null);
  const [missing, setMissing] = useState(false);
  const [stroke, setStroke] = useState<Stroke | null>(null);

  const onDrawn = useEffectEvent(props.onDrawn);
  const onReshaped = useEffectEvent(props.onReshaped);
  const onSelected = useEffectEvent(props.onSelected);
  const onOpen = useEffectEvent(props.onOpen);

  const offerBack = useEffectEvent((layer: AnnotationLayer, given: Stroke) => {
    notifications.show({
      id: ABANDONED,
      autoClose: 8000,
      closeButtonProps: { 'aria-label': t('ui:close') },
      message: (
        <>
          {t('stroke.abandoned')}{' '}
          <Button
            size="compact-sm"
            variant="light"
            onClick={() => {
              notifications.hide(ABANDONED);
              props.onTool(given.tool);
              layer.resume(given);
            }}
          >
            {t('stroke.resume')}
          </Button>
        </>
      ),
    });
  });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a slide's pixels never change under one id; fresh records must not reopen it
  useEffect(() => {
    if (!element.current || !minimap.current || !shapes.current || !hand.current) return undefined;
    const view = new SlideView(slide, element.current, minimap.current);
    // It has the focus and takes keys of its own: a screen reader must hand them on.
    view.viewer.canvas.setAttribute('role', 'application');
    view.viewer.canvas.setAttribute(
      'aria-label',
      t('stage.keys', { stain: slide.stain || t('tray.noStain') }),
    );
    const layer = new AnnotationLayer(
      view,
      { shapes: shapes.current, hand: hand.current },
      {
        drawn: (shape) => onDrawn(shape),
        reshaped: (annotation, shape) => onReshaped(annotation, shape),
        selected: (id) => onSelected(id),
        stroke: setStroke,
        abandoned: (given) => offerBack(layer, given),
        wordMeasure,
      },
    );
    const tiles = retryFailedTiles(view.viewer, renew, setMissing);
    const back = () => tiles.retryNow();
    window.addEventListener('online', back);
    setStage({ view, layer });
    setRetry(tiles);
    onOpen({ view, layer });
    return () => {
      window.removeEventListener('online', back);
      notifications.hide(ABANDONED);
      onOpen(null);
      setStage(null);
      tiles.stop();
      layer.destroy();
      view.destroy();
    };
  }, [slide.id]);

  const { annotations, selectedId, tool, category, editable, hidden } = props;
  useEffect(() => {
    stage?.layer.update({ annotations, selectedId, tool, category, editable, hidden });
  }, [stage, annotations, selectedId, tool, category, editable, hidden]);

  return (
    <section className={classes.stage} aria-label={t('stage.label')}>
      <div
        ref={element}
        className={classes.slide}
        data-testid="viewer-canvas"
        style={{ cursor: CURSORS[tool] ?? 'crosshair' }}
      />
      <canvas ref={shapes} className={classes.annotations} aria-hidden />
      <canvas ref={hand} className={classes.annotations} aria-hidden />
      <div ref={minimap} className={classes.minimap} aria-hidden />
      <Readouts view={stage?.view ?? null} />
      {stroke && stroke.tool === 'polygon' && stroke.points.length >= 2 ? (
        <div className={classes.strokeActions}>
          <Button
            size="compact-sm"
            disabled={stroke.points.length < 3}
            aria-keyshortcuts="Enter"
            title={t('keys.place.press')}
            onClick={() => stage?.layer.finishStroke()}
          >
            {t('stroke.close')}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            aria-keyshortcuts="Backspace"
            title={t('keys.back.press')}
            onClick={() => stage?.layer.takeBack()}
          >
            {t('stroke.takeBack')}
          </Button>
          <Button
            size="compact-sm"
            variant="default"
            aria-keyshortcuts="Escape"
            title={t('keys.escape.press')}
            onClick={() => stage?.layer.abandon()}
          >
            {t('stroke.abandon')}
          </Button>
        </div>
      ) : null}
      {missing ? (
        <div className={classes.missing}>
          <Alert color="yellow" variant="filled" role="alert" p="xs">
            {t('stage.missing')}{' '}
            <Button size="compact-sm" variant="white" onClick={() => retry?.retryNow()}>
              {t('stage.retry')}
            </Button>
          </Alert>
        </div>
      ) : null}
    </section>
  );
}
