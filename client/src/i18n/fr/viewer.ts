export default { title: 'Salle de lecture' };
