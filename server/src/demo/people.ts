import type { NewUser, OrganisationRecord } from '../users/index.js';

/** Invented houses in real regions; nobody here exists, and the telephone numbers are those kept for fiction. */
export const ORGANISATIONS = {
  kerlenn: {
    name: 'Centre hospitalier de Kerlenn',
    city: 'Quimper',
    region: 'Bretagne',
    kind: 'ch',
    address: {
      service: 'Anatomie et cytologie pathologiques',
      street: '14 avenue de l’Hôpital',
      postcode: '29107',
      town: 'Quimper CEDEX',
      phone: '02 61 91 10 20',
    },
  },
  cap: {
    name: 'Laboratoire de pathologie du Cap',
    city: 'Ajaccio',
    region: 'Corse',
    kind: 'private',
    address: {
      service: '',
      street: '3 chemin du Cap',
      postcode: '20000',
      town: 'Ajaccio',
      phone: '04 65 71 20 30',
    },
  },
  flandres: {
    name: 'CHU des Flandres',
    city: 'Lille',
    region: 'Hauts-de-France',
    kind: 'chu',
    address: {
      service: 'Institut de pathologie, réception des prélèvements',
      street: '2 avenue des Blés',
      postcode: '59037',
      town: 'Lille CEDEX',
      phone: '03 53 01 30 40',
    },
  },
  garros: {
    name: 'Institut Garros',
    city: 'Toulouse',
    region: 'Occitanie',
    kind: 'clcc',
    address: {
      service: 'Anatomie et cytologie pathologiques',
      street: '1 allée des Platanes',
      postcode: '31059',
      town: 'Toulouse CEDEX 9',
      phone: '05 36 49 40 50',
    },
  },
  bellevue: {
    name: 'Centre Rhône-Bellevue',
    city: 'Lyon',
    region: 'Auvergne-Rhône-Alpes',
    kind: 'clcc',
    address: {
      service: 'Biopathologie',
      street: '28 rue du Belvédère',
      postcode: '69373',
      town: 'Lyon CEDEX 08',
      phone: '04 65 71 50 60',
    },
  },
  ocean: {
    name: 'CHU Aquitaine-Océan',
    city: 'Bordeaux',
    region: 'Nouvelle-Aquitaine',
    kind: 'chu',
    address: {
      service: 'Pathologie, bâtiment C',
      street: '5 boulevard de l’Océan',
      postcode: '33075',
      town: 'Bordeaux CEDEX',
      phone: '05 36 49 60 70',
    },
  },
} as const satisfies Record<string, Omit<OrganisationRecord, '_id' | 'slideRules'>>;
export type OrganisationKey = keyof typeof ORGANISATIONS;

const reads = (...networkIds: string[]): NonNullable<NewUser['networks']> =>
  networkIds.map((networkId) => ({ networkId, as: 'reviewer', competences: [] }));
/** At a coordinating centre: third readings too. */
const readsThird = (...networkIds: string[]): NonNullable<NewUser['networks']> =>
  reads(...networkIds).map((membership) => ({ ...membership, third: true }));
const coordinates = (...networkIds: string[]): NonNullable<NewUser['networks']> =>
  networkIds.map((networkId) => ({ networkId, as: 'coordinator', competences: [] }));

type DemoPerson = Omit<NewUser, 'password' | 'organisationId' | 'demo'> & { organisation: OrganisationKey };

/** 14 people over all roles; the four accounts of the contract first. */
export const PEOPLE = {
  pathologiste: {
    email: 'pathologiste@demo.test',
    title: 'Dr',
    firstName: 'Solenn',
    lastName: 'Kerdoncuff',
    rpps: '10100000001',
    roles: ['submitter'],
    organisation: 'kerlenn',
  },
  relecteur: {
    email: 'relecteur@demo.test',
    title: 'Pr',
    firstName: 'Hugo',
    lastName: 'Vandamme',
    rpps: '10100000002',
    roles: ['reviewer'],
    organisation: 'flandres',
    networks: reads('LYMPHOPATH', 'RNLC'),
  },
  coordinateur: {
    email: 'coordinateur@demo.test',
    title: 'Dr',
    firstName: 'Inès',
    lastName: 'Castaing',
    rpps: '10100000003',
    roles: ['coordinator'],
    organisation: 'garros',
    networks: coordinates('LYMPHOPATH', 'RNLC'),
    national: true,
  },
  admin: {
    email: 'admin@demo.test',
    title: '',
    firstName: 'Adrien',
    lastName: 'Morvan',
    roles: ['admin'],
    organisation: 'bellevue',
  },
  preparatrice: {
    email: 'preparatrice@demo.test',
    title: '',
    firstName: 'Nolwenn',
    lastName: 'Le Bihan',
    roles: ['preparer'],
    organisation: 'kerlenn',
  },
  interne: {
    email: 'interne@demo.test',
    title: 'Dr',
    firstName: 'Malo',
    lastName: 'Guivarch',
    rpps: '10100000006',
    roles: ['submitter'],
    organisation: 'kerlenn',
  },
  cap: {
    email: 'pathologiste.cap@demo.test',
    title: 'Dr',
    firstName: 'Lisandra',
    lastName: 'Colonna',
    rpps: '10100000007',
    roles: ['submitter'],
    organisation: 'cap',
  },
  lympho: {
    email: 'relecteur.lympho@demo.test',
    title: 'Dr',
    firstName: 'Aurélie',
    lastName: 'Fabre',
    rpps: '10100000008',
    roles: ['reviewer'],
    organisation: 'garros',
    networks: reads('LYMPHOPATH'),
  },
  sarcome: {
    email: 'relecteur.sarcome@demo.test',
    title: 'Pr',
    firstName: 'Jean-Baptiste',
    lastName: 'Etcheverry',
    rpps: '10100000009',
    roles: ['reviewer'],
    organisation: 'ocean',
    networks: readsThird('NETSARC+'),
  },
  sarcome2: {
    email: 'relecteur.sarcome2@demo.test',
    title: 'Dr',
    firstName: 'Clémence',
    lastName: 'Rivoire',
    rpps: '10100000010',
    roles: ['reviewer'],
    organisation: 'bellevue',
    networks: [...readsThird('NETSARC+'), ...reads('MASTERBLAST')],
  },
  endocrine: {
    email: 'relecteur.endocrine@demo.test',
    title: 'Dr',
    firstName: 'Thomas',
    lastName: 'Delannoy',
    rpps: '10100000011',
    roles: ['reviewer'],
    organisation: 'flandres',
    networks: reads('ENDOCAN'),
  },
  peritoine: {
    email: 'relecteur.peritoine@demo.test',
    title: 'Dr',
    firstName: 'Sarah',
    lastName: 'Benaïm',
    rpps: '10100000012',
    roles: ['reviewer'],
    organisation: 'bellevue',
    networks: reads('RENA_PATH', 'NETMESO'),
  },
  coordinatrice: {
    email: 'coordinatrice.sarcome@demo.test',
    title: 'Dr',
    firstName: 'Maïté',
    lastName: 'Larralde',
    rpps: '10100000013',
    roles: ['coordinator'],
    organisation: 'ocean',
    networks: coordinates('NETSARC+', 'RENA_PATH', 'ENDOCAN'),
  },
  secretaire: {
    email: 'secretaire@demo.test',
    title: '',
    firstName: 'Élodie',
    lastName: 'Wattel',
    roles: ['preparer'],
    organisation: 'flandres',
  },
} as const satisfies Record<string, DemoPerson>;
export type PersonKey = keyof typeof PEOPLE;
