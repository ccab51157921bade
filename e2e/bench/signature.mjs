export async function signature() { return []; }
