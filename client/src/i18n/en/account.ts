import type fr from '../fr/account';
import type { SameShape } from '../same-shape';

const account = {
  password: {
    title: 'Change password',
    about: 'Your other open sessions will be closed.',
    first: 'Choose your password',
    firstAbout:
      'The one you received is temporary: whoever gave it to you knows it. Yours signs your reports.',
    current: 'Current password',
    currentWrong: 'Incorrect password.',
    new: 'New password',
    newAbout: 'At least {{count}} characters. A sentence that is easy to remember will do.',
    missing_one: '{{count}} more character',
    missing_other: '{{count}} more characters',
    again: 'New password, a second time',
    same: 'This is the current password: choose another.',
    differs: 'The two entries differ.',
    save: 'Save the password',
    saved: 'Password changed.',
  },
  availability: {
    title: 'My availability',
    about:
      'Cases are not offered to you while you are away, beyond your load, or when they come from an organisation with which you have a conflict of interest.',
    save: 'Save',
    saved: 'Availability saved.',
    leaves: 'Leave',
    noLeave: 'No leave planned.',
    from: 'From',
    to: 'To (included)',
    order: 'The end comes before the beginning.',
    addLeave: 'Add a leave',
    removeLeave: 'Remove leave {{number}}',
    capacity: 'Open readings at most',
    capacityAbout: 'An urgent reading counts for two. At zero, no case is offered.',
    conflicts: 'Declared conflicts of interest',
    conflictsAbout: 'Organisations whose cases are never given to this person.',
    noConflict: 'No organisation',
    nobody: 'This page is for expert pathologists.',
  },
} satisfies SameShape<typeof fr>;
export default account;
