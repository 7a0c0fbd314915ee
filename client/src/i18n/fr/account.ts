const account = {
  availability: {
    title: 'Mes disponibilités',
    about:
      'Les dossiers ne vous sont pas proposés pendant vos absences, au-delà de votre charge, ni quand ils viennent d’un établissement avec lequel vous avez un lien d’intérêt.',
    save: 'Enregistrer',
    saved: 'Disponibilités enregistrées.',
    leaves: 'Absences',
    noLeave: 'Aucune absence prévue.',
    from: 'Du',
    to: 'Au (inclus)',
    order: 'La fin vient avant le début.',
    addLeave: 'Ajouter une absence',
    removeLeave: 'Retirer l’absence {{number}}',
    capacity: 'Lectures en cours au plus',
    capacityAbout: 'Une lecture urgente compte double. À zéro, aucun dossier n’est proposé.',
    conflicts: 'Liens d’intérêt déclarés',
    conflictsAbout: 'Établissements dont les dossiers ne sont jamais confiés à cette personne.',
    noConflict: 'Aucun établissement',
    nobody: 'Cette page est réservée aux pathologistes experts.',
  },
};
export default account;
