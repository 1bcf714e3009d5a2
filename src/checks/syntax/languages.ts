/** What a definition is: a method is a function that belongs to a class; a type has no code of its own. */
export type Kind = 'function' | 'method' | 'class' | 'type';

/** A language as its grammar tells it. The names of nodes are the grammar's. */
export type Language = {
	/** The grammar's file, without `tree-sitter-` and `.wasm`. */
	grammar: string;
	/** The nodes that define something. Inside a class a function is a method, whatever stands here. */
	defines: Readonly<Record<string, Kind>>;
	/** Nodes that are no definition of this file's own, but lend their name to what they hold: an impl, a namespace. */
	holds: Readonly<Record<string, string>>;
	/** Words that are names here and not in the language whose grammar is borrowed. */
	masked?: RegExp;
};

const none = { defines: {}, holds: {} } as const;

const javascript: Language = {
	grammar: 'javascript',
	defines: {
		function_declaration: 'function',
		generator_function_declaration: 'function',
		method_definition: 'method',
		class_declaration: 'class',
		variable_declarator: 'function',
		assignment_expression: 'function',
		field_definition: 'method',
		pair: 'method',
	},
	holds: {},
};

const typescript: Language = {
	grammar: 'typescript',
	defines: {
		...javascript.defines,
		abstract_class_declaration: 'class',
		public_field_definition: 'method',
		interface_declaration: 'type',
		type_alias_declaration: 'type',
		enum_declaration: 'type',
	},
	holds: { internal_module: 'name' },
};

const cpp: Language = {
	grammar: 'cpp',
	defines: {
		function_definition: 'function',
		class_specifier: 'class',
		struct_specifier: 'class',
		union_specifier: 'class',
		enum_specifier: 'type',
		concept_definition: 'type',
	},
	holds: { namespace_definition: 'name' },
};

/** C++ has all of C but for these, which are names in C. */
const cppOnly =
	/\b(?:and|and_eq|bitand|bitor|catch|class|compl|concept|consteval|co_await|co_return|co_yield|decltype|delete|explicit|export|final|friend|mutable|namespace|new|noexcept|not|not_eq|nullptr|operator|or|or_eq|override|private|protected|public|requires|template|this|throw|try|typename|using|virtual|xor|xor_eq)\b/g;

/** Every language that is known, by its name. */
export const languages = {
	javascript,
	typescript,
	tsx: { ...typescript, grammar: 'tsx' },
	python: { grammar: 'python', defines: { function_definition: 'function', class_definition: 'class' }, holds: {} },
	go: {
		grammar: 'go',
		defines: { function_declaration: 'function', method_declaration: 'method', type_spec: 'type' },
		holds: {},
	},
	rust: {
		grammar: 'rust',
		defines: {
			function_item: 'function',
			macro_definition: 'function',
			struct_item: 'class',
			enum_item: 'class',
			union_item: 'class',
			trait_item: 'type',
			type_item: 'type',
		},
		holds: { impl_item: 'type', mod_item: 'name' },
	},
	java: {
		grammar: 'java',
		defines: {
			method_declaration: 'method',
			constructor_declaration: 'method',
			compact_constructor_declaration: 'method',
			class_declaration: 'class',
			record_declaration: 'class',
			enum_declaration: 'class',
			interface_declaration: 'type',
			annotation_type_declaration: 'type',
		},
		holds: {},
	},
	c: { ...cpp, masked: cppOnly },
	cpp,
	csharp: {
		grammar: 'c-sharp',
		defines: {
			method_declaration: 'method',
			constructor_declaration: 'method',
			destructor_declaration: 'method',
			local_function_statement: 'function',
			class_declaration: 'class',
			record_declaration: 'class',
			struct_declaration: 'class',
			interface_declaration: 'type',
			enum_declaration: 'type',
		},
		holds: { namespace_declaration: 'name' },
	},
	ruby: {
		grammar: 'ruby',
		defines: { method: 'function', singleton_method: 'function', class: 'class', module: 'class' },
		holds: {},
	},
	php: {
		grammar: 'php',
		defines: {
			function_definition: 'function',
			method_declaration: 'method',
			class_declaration: 'class',
			trait_declaration: 'class',
			enum_declaration: 'class',
			interface_declaration: 'type',
		},
		holds: {},
	},
	bash: { grammar: 'bash', defines: { function_definition: 'function' }, holds: {} },
	powershell: {
		grammar: 'powershell',
		defines: { function_statement: 'function', class_statement: 'class', class_method_definition: 'method' },
		holds: {},
	},
	css: { grammar: 'css', ...none },
	ini: { grammar: 'ini', ...none },
} as const satisfies Record<string, Language>;

export type LanguageName = keyof typeof languages;

const endings: Readonly<Record<string, LanguageName>> = {
	...all('javascript', 'js mjs cjs jsx'),
	...all('typescript', 'ts mts cts'),
	...all('tsx', 'tsx'),
	...all('python', 'py pyi pyw'),
	...all('go', 'go'),
	...all('rust', 'rs'),
	...all('java', 'java'),
	...all('c', 'c'),
	...all('cpp', 'cc cpp cxx c++ h hh hpp hxx ipp'),
	...all('csharp', 'cs'),
	...all('ruby', 'rb rake gemspec'),
	...all('php', 'php'),
	...all('bash', 'sh bash'),
	...all('powershell', 'ps1 psm1'),
	...all('css', 'css'),
	...all('ini', 'ini'),
};

/** The language of a file, by its name; undefined when none of ours is told. */
export function languageOf(path: string): LanguageName | undefined {
	const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
	if (name === 'rakefile' || name === 'gemfile') return 'ruby';
	return endings[name.slice(name.lastIndexOf('.') + 1)];
}

function all(language: LanguageName, words: string): Record<string, LanguageName> {
	return Object.fromEntries(words.split(' ').map(ending => [ending, language]));
}
