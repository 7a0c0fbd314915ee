export default { title: 'Liste de travail' };
