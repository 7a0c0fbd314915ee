export default { title: 'Compte rendu' };
