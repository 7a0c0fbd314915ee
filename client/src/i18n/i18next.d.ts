import type account from './fr/account';
import type admin from './fr/admin';
import type app from './fr/app';
import type arrivals from './fr/arrivals';
import type caseWords from './fr/case';
import type cases from './fr/cases';
import type monitoring from './fr/monitoring';
import type report from './fr/report';
import type submission from './fr/submission';
import type ui from './fr/ui';
import type viewer from './fr/viewer';
import type worklist from './fr/worklist';

/** Keys are checked: a misspelt one does not compile. A new area adds its line here. */
declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'app';
    returnNull: false;
    resources: {
      account: typeof account;
      admin: typeof admin;
      app: typeof app;
      arrivals: typeof arrivals;
      case: typeof caseWords;
      cases: typeof cases;
      monitoring: typeof monitoring;
      report: typeof report;
      submission: typeof submission;
      ui: typeof ui;
      viewer: typeof viewer;
      worklist: typeof worklist;
    };
  }
}
