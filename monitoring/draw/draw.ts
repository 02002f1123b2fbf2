export const draw = async (_url: string, _folder: string): Promise<void> => {};
