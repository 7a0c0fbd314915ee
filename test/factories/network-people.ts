import { makeOrganisation, makeUser, PASSWORD } from './people.js';

/** Accounts with addresses to type: a sender's house, and one of experts for LYMPHOPATH. */
export async function makeNetworkPeople(networkId = 'LYMPHOPATH') {
  const sender = await makeOrganisation({ name: 'Centre hospitalier de Kerlenn', city: 'Quimper' });
  const expert = await makeOrganisation({
    name: 'CHU des Flandres',
    city: 'Lille',
    region: 'Hauts-de-France',
  });
  const coordinating = await makeOrganisation({
    name: 'Institut Garros',
    city: 'Toulouse',
    region: 'Occitanie',
    kind: 'clcc',
  });
  const accounts = {
    submitter: await makeUser({
      email: 'pathologiste@relecture.test',
      firstName: 'Solenn',
      lastName: 'Kerdoncuff',
      roles: ['submitter'],
      organisationId: sender._id,
    }),
    reviewer: await makeUser({
      email: 'relecteur@relecture.test',
      title: 'Pr',
      firstName: 'Hugo',
      lastName: 'Vandamme',
      roles: ['reviewer'],
      organisationId: expert._id,
      networks: [{ networkId, as: 'reviewer', competences: [] }],
    }),
    coordinator: await makeUser({
      email: 'coordinatrice@relecture.test',
      firstName: 'Inès',
      lastName: 'Castaing',
      roles: ['coordinator'],
      organisationId: coordinating._id,
      networks: [{ networkId, as: 'coordinator', competences: [] }],
      national: true,
    }),
    admin: await makeUser({
      email: 'admin@relecture.test',
      title: '',
      firstName: 'Adrien',
      lastName: 'Morvan',
      roles: ['admin'],
      organisationId: coordinating._id,
    }),
  };
  return {
    submitter: accounts.submitter.email,
    reviewer: accounts.reviewer.email,
    coordinator: accounts.coordinator.email,
    admin: accounts.admin.email,
    password: PASSWORD,
  };
}
