import type fr from '../fr/cases';
import type { SameShape } from '../same-shape';

export default {
  title: 'My cases',
  told: {
    case: {
      created: 'A case was opened',
      submitted: 'A case was sent',
      'correction-asked': 'Some fields need correcting before the reading',
      'dispatch-asked': 'A case waits for a network to be chosen',
      routed: 'The reading network was chosen',
      'ended-as-pathway': 'Case sent to a clinical network, without a reading of slides',
      'patient-corrected': 'The patient’s identity was corrected',
      withdrawn: 'The case was withdrawn by its sender',
      completed: 'All readings of the case are signed',
    },
    slide: {
      received: 'A slide was received',
      'processing-started': 'A slide is being prepared',
      ready: 'A slide is readable',
      rejected: 'A slide was refused: see why and replace the file',
      removed: 'A slide was removed',
    },
    shipment: {
      declared: 'A shipment was declared',
      sent: 'A shipment has left',
      received: 'A shipment has arrived',
    },
    review: {
      routed: 'A reading is asked from {{network}}',
      'parcel-received': 'A parcel has come, the reading can begin ({{network}})',
      admitted: 'A case is admitted and waits for an expert ({{network}})',
      assigned: 'A case was assigned ({{network}})',
      accepted: 'The expert accepted the case ({{network}})',
      declined: 'The expert declined the case ({{network}})',
      reassigned: 'A case was reassigned ({{network}})',
      opened: 'The reading has begun ({{network}})',
      'material-asked': 'More material is asked for ({{network}})',
      'material-answered': 'The material request was answered ({{network}})',
      'preliminary-signed': 'A preliminary opinion is signed ({{network}})',
      signed: 'The report is signed ({{network}})',
      'addendum-signed': 'An addendum is signed ({{network}})',
      'correction-signed': 'A corrected report is signed ({{network}})',
      cancelled: 'A reading was cancelled ({{network}})',
      'due-soon': 'A reading is due soon ({{network}})',
      overdue: 'A reading is overdue ({{network}})',
    },
    message: {
      posted: 'New message on a case',
    },
  },
} satisfies SameShape<typeof fr>;
