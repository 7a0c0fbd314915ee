import { Menu, Tooltip, UnstyledButton } from '@mantine/core';
import type { Tool } from '@relecture/shared/annotations/stroke.js';
import {
  type Icon,
  IconArrowBackUp,
  IconArrowForwardUp,
  IconEye,
  IconEyeOff,
  IconKeyboard,
  IconLasso,
  IconMapPin,
  IconPointer,
  IconPolygon,
  IconRectangle,
  IconRotateClockwise,
  IconRulerMeasure,
  IconZoomScan,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { CATEGORIES, type Category } from './annotate/content';
import { CATEGORY_COLOURS } from './annotate/paint';
import classes from './ReadingRoom.module.css';

const TOOLS: readonly [Tool, Icon, string][] = [
  ['select', IconPointer, 'V'],
  ['rectangle', IconRectangle, 'E'],
  ['polygon', IconPolygon, 'P'],
  ['freehand', IconLasso, 'L'],
  ['point', IconMapPin, 'I'],
  ['ruler', IconRulerMeasure, 'M'],
];

interface ToolbarProps {
  tool: Tool;
  onTool: (tool: Tool) => void;
  category: Category;
  onCategory: (category: Category) => void;
  editable: boolean;
  hidden: boolean;
  canUndo: boolean;
  canRedo: boolean;
  onUndo: () => void;
  onRedo: () => void;
  onHide: () => void;
  onFit: () => void;
  onRotate: () => void;
  onHelp: () => void;
}

/** One narrow bar; each button shows its key. */
export function Toolbar(props: ToolbarProps) {
  const { t } = useTranslation('viewer');
  return (
    <div className={classes.toolbar} role="toolbar" aria-label={t('toolbar.label')}>
      {TOOLS.filter(([tool]) => props.editable || tool === 'select').map(([tool, Shape, hint]) => (
        <Key
          key={tool}
          icon={Shape}
          hint={hint}
          label={t(`tool.${tool}`)}
          pressed={props.tool === tool}
          onClick={() => props.onTool(tool)}
        />
      ))}
      {props.editable ? (
        <>
          <Menu position="right" withArrow>
            <Menu.Target>
              <UnstyledButton
                className={classes.tool}
                aria-label={t('toolbar.category', { category: t(`category.${props.category}`) })}
              >
                <span className={classes.swatch} style={{ background: CATEGORY_COLOURS[props.category] }} />
                <span className={classes.hint}>{t(`categoryShort.${props.category}`)}</span>
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Label>{t('toolbar.categoryTitle')}</Menu.Label>
              {CATEGORIES.map((category) => (
                <Menu.Item
                  key={category}
                  leftSection={
                    <span className={classes.swatch} style={{ background: CATEGORY_COLOURS[category] }} />
                  }
                  onClick={() => props.onCategory(category)}
                >
                  {t(`category.${category}`)}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
          <span className={classes.toolGap} aria-hidden />
          <Key
            icon={IconArrowBackUp}
            hint="Ctrl Z"
            label={t('toolbar.undo')}
            disabled={!props.canUndo}
            onClick={props.onUndo}
          />
          <Key
            icon={IconArrowForwardUp}
            label={t('toolbar.redo')}
            disabled={!props.canRedo}
            onClick={props.onRedo}
          />
        </>
      ) : null}
      <span className={classes.toolGap} aria-hidden />
      <Key
        icon={props.hidden ? IconEyeOff : IconEye}
        hint="H"
        label={props.hidden ? t('toolbar.show') : t('toolbar.hide')}
        pressed={props.hidden}
        onClick={props.onHide}
      />
      <Key icon={IconZoomScan} hint="0" label={t('toolbar.fit')} onClick={props.onFit} />
      <Key
        icon={IconRotateClockwise}
        hint={t('toolbar.rotateKey')}
        label={t('toolbar.rotate')}
        onClick={props.onRotate}
      />
      <Key icon={IconKeyboard} hint="?" label={t('toolbar.help')} onClick={props.onHelp} />
    </div>
  );
}

interface KeyProps {
  icon: Icon;
  label: string;
  hint?: string;
  pressed?: boolean;
  disabled?: boolean;
  onClick: () => void;
}

function Key({ icon: Shape, label, hint, pressed, disabled, onClick }: KeyProps) {
  return (
    <Tooltip label={label} position="right">
      <UnstyledButton
        className={classes.tool}
        aria-label={label}
        aria-pressed={pressed}
        disabled={disabled}
        onClick={onClick}
      >
        <Shape size={20} stroke={1.6} aria-hidden />
        {hint ? (
          <span className={classes.hint} aria-hidden>
            {hint}
          </span>
        ) : null}
      </UnstyledButton>
    </Tooltip>
  );
}
