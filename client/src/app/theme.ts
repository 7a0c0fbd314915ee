import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent: a deep teal. */
const accent: MantineColorsTuple = [
  '#edf7f7',
  '#d8ebeb',
  '#aed7d7',
  '#81c2c2',
  '#5cb0b0',
  '#459ea0',
  '#2f8a8d',
  '#17696d',
  '#0f5a5e',
  '#07474b',
];

/** Slate in the place of Mantine's grey; the sixth shade, used for dimmed text, keeps 4.5:1 on white. */
const gray: MantineColorsTuple = [
  '#f8fafc',
  '#f1f5f9',
  '#e2e8f0',
  '#cbd5e1',
  '#b4c0cf',
  '#8795a8',
  '#56657a',
  '#475569',
  '#334155',
  '#1e293b',
];

/** The reading room's night: slate, near black, so that the tissue is the brightest thing on the screen. */
const dark: MantineColorsTuple = [
  '#d5dce4',
  '#b4bfcb',
  '#9aa6b4',
  '#7a8796',
  '#3c4754',
  '#2d3641',
  '#222a33',
  '#181e25',
  '#12171d',
  '#0c1014',
];

export const theme = createTheme({
  colors: { accent, gray, dark },
  primaryColor: 'accent',
  primaryShade: { light: 8, dark: 5 },
  autoContrast: true,
  black: '#16202c',
  defaultRadius: 4,
  focusRing: 'auto',
  respectReducedMotion: true,
  cursorType: 'pointer',
  fontFamily:
    'Inter, "Segoe UI", system-ui, -apple-system, "Helvetica Neue", "Liberation Sans", Arial, sans-serif',
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.125rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.5' },
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.375rem', lineHeight: '1.3' },
      h2: { fontSize: '1.0625rem', lineHeight: '1.35' },
      h3: { fontSize: '0.9375rem', lineHeight: '1.4' },
      h4: { fontSize: '0.875rem', lineHeight: '1.4' },
    },
  },
  components: {
    Button: { defaultProps: { size: 'sm' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray' } },
    Tooltip: {
      defaultProps: { withArrow: true, openDelay: 300, events: { hover: true, focus: true, touch: false } },
    },
    // An axe rule allows only items in a menu; without the placeholder the first item takes the focus.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    // The heading of a dialog is no banner of the page, though it is a <header>.
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.35 },
        attributes: { header: { role: 'presentation' } },
      },
    },
    Drawer: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm', highlightOnHover: true } },
    Anchor: { defaultProps: { underline: 'hover' } },
  },
});

export const cssVariables: CSSVariablesResolver = (mantine) => ({
  variables: { '--row-height': '36px' },
  light: {
    '--mantine-color-placeholder': mantine.colors.gray?.[6] ?? '',
    '--mantine-color-dimmed': mantine.colors.gray?.[6] ?? '',
    '--mantine-color-anchor': accent[8],
    '--mantine-color-error': '#b42318',
    '--surface': '#ffffff',
    '--surface-sunken': mantine.colors.gray?.[0] ?? '',
    '--line': mantine.colors.gray?.[2] ?? '',
    '--tone-grey': '#475569',
    '--tone-blue': '#1d4ed8',
    '--tone-amber': '#92400e',
    '--tone-teal': accent[8],
    '--tone-violet': '#6d28d9',
    '--tone-green': '#166534',
    '--tone-red': '#b42318',
  },
  dark: {
    '--mantine-color-dimmed': dark[2],
    '--mantine-color-anchor': accent[3],
    '--surface': dark[7],
    '--surface-sunken': dark[8],
    '--line': dark[5],
    '--tone-grey': '#b4bfcb',
    '--tone-blue': '#8ab4ff',
    '--tone-amber': '#f5bd6b',
    '--tone-teal': accent[3],
    '--tone-violet': '#c4a8ff',
    '--tone-green': '#7dd3a0',
    '--tone-red': '#ff9a91',
  },
});
