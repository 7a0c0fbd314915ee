/**
 * Matricule INS: 13 characters and a 2-digit key, 97 minus the number modulo 97. Corsica's departments 2A and 2B
 * count as 19 and 18. Spaces are welcome while typing.
 */
export function readIns(text: string): { matricule: string; valid: boolean } {
  const matricule = text.replaceAll(/\s/g, '').toUpperCase();
  if (!/^\d{5}(\d\d|2A|2B)\d{6}\d{2}$/.test(matricule)) return { matricule, valid: false };
  const number = BigInt(matricule.slice(0, 13).replace('2A', '19').replace('2B', '18'));
  return { matricule, valid: 97 - Number(number % 97n) === Number(matricule.slice(13)) };
}
