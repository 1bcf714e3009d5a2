/** Extensions of source code and text as one alternation of a regular expression: no file of secrets ends in one of them. */
export const typesOfCode =
	'[cm]?[jt]sx?|pyi?|go|rs|java|kts?|c|h|cc|cpp|hpp|cs|rb|php|mdx?|jsonc?|ya?ml|toml|html?|s?css|less|vue|svelte|sh|sql|txt|xml|swift|lua|exs?|erl|hs|ml|zig|dart|scala|clj|proto|graphql|gradle|csv|rst|ini|cfg';
