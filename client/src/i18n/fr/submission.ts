export default { title: 'Nouveau dossier' };
