import type { ComponentType } from 'react';
import { createBrowserRouter } from 'react-router';
import { PageSkeleton } from '../ui/Skeletons';
import { Crash, NotFound } from './Crash';
import { Home } from './Home';
import { Shell } from './Shell';
import { SignedIn } from './SignedIn';

/** A screen is the default export of its file and is fetched when somebody goes there. */
const screen = (read: () => Promise<{ default: ComponentType }>) => async () => ({
  Component: (await read()).default,
});

const readingRoom = screen(() => import('../viewer/ReadingRoom'));

export const router = createBrowserRouter([
  {
    ErrorBoundary: Crash,
    HydrateFallback: PageSkeleton,
    children: [
      { path: '/sign-in', lazy: screen(() => import('../sign-in/SignIn')) },
      {
        Component: SignedIn,
        children: [
          // The reading room fills the screen: it has no shell around it.
          { path: '/reviews/:reviewId/read', lazy: readingRoom },
          { path: '/reviews/:reviewId/read/:slideId', lazy: readingRoom },
          {
            Component: Shell,
            children: [
              {
                ErrorBoundary: Crash,
                children: [
                  { index: true, Component: Home },
                  { path: '/cases', lazy: screen(() => import('../submission/MyCases')) },
                  {
                    // One screen for both addresses: the draft gets its own at its first save, while one types.
                    lazy: screen(() => import('../submission/CaseForm')),
                    children: [
                      { path: '/cases/new', element: null },
                      { path: '/cases/:caseId/edit', element: null },
                    ],
                  },
                  { path: '/cases/:caseId', lazy: screen(() => import('../case/CaseScreen')) },
                  { path: '/arrivals', lazy: screen(() => import('../submission/Tray')) },
                  { path: '/worklist', lazy: screen(() => import('../worklist/Worklist')) },
                  { path: '/board', lazy: screen(() => import('../monitoring/Board')) },
                  { path: '/duplicates', lazy: screen(() => import('../monitoring/Duplicates')) },
                  { path: '/dispatch', lazy: screen(() => import('../monitoring/Dispatch')) },
                  { path: '/networks', lazy: screen(() => import('../admin/Networks')) },
                  { path: '/rules', lazy: screen(() => import('../rules/RuleSets')) },
                  { path: '/rules/:draftId', lazy: screen(() => import('../rules/Draft')) },
                  { path: '/admin/*', lazy: screen(() => import('../admin/Admin')) },
                  { path: '/password', lazy: screen(() => import('../account/MyPassword')) },
                  { path: '/availability', lazy: screen(() => import('../account/MyAvailability')) },
                  { path: '/notifications', lazy: screen(() => import('./Notifications')) },
                  { path: '*', Component: NotFound },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
]);
