// Tries calls on what one package of Java defines, as a class of that package: src/checks/compiled/java.ts gives it the package and the
// calls. What is to be done is in QWILL_PROBE: a mark, then for each run the number of the mutant that is to be run in the place of the code
// (0: none) and the numbers of the calls in their order, with `;` before each run. For each call there is a line of the mark, the number of
// the mutant, the number of the call, its kind, what it does in hexadecimal digits, and the marked places that it ran. Each run has classes
// of its own. The argument is a file that holds how many runs were done; behind a call that does not end the program has to be started again.
PACKAGE

public final class QwillProbe {
    static final int LONGEST = 400;
    static final long PATIENCE = 500;
    static final boolean[] RAN = new boolean[MARKS];
    static int mutant;

    private QwillProbe() {}

    static boolean is(int number) {
        return mutant == number;
    }

    static void ran(int place) {
        RAN[place] = true;
    }

    public static void main(String[] arguments) throws Exception {
        String[] runs = System.getenv("QWILL_PROBE").split(";");
        java.nio.file.Path done = java.nio.file.Path.of(arguments[0]);
        int from = java.nio.file.Files.exists(done) ? Integer.parseInt(java.nio.file.Files.readString(done).trim()) : 0;
        java.net.URL[] here = {new java.io.File(System.getProperty("java.class.path")).toURI().toURL()};
        boolean ended = true;
        for (int i = from; i + 1 < runs.length && ended; i++) {
            java.nio.file.Files.writeString(done, String.valueOf(i + 1));
            ClassLoader own = new java.net.URLClassLoader(here, ClassLoader.getPlatformClassLoader());
            ended = (Boolean) own.loadClass(QwillProbe.class.getName()).getMethod("run", String.class, String.class).invoke(null, runs[0].trim(), runs[i + 1]);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Makes the calls of one run; false behind one that does not end, for nothing is known of those behind it. */
    public static boolean run(String mark, String asked) throws Exception {
        String[] words = asked.trim().split(" +");
        mutant = Integer.parseInt(words[0]);
        java.io.PrintStream out = System.out;
        out.println("\n" + mark + " begun " + mutant);
        for (int i = 1; i < words.length; i++) {
            int number = Integer.parseInt(words[i]);
            java.util.Arrays.fill(RAN, false);
            String[] told = done(number);
            StringBuilder places = new StringBuilder();
            for (int place = 0; place < RAN.length; place++) if (RAN[place]) places.append(places.length() > 0 ? "," : "").append(place);
            StringBuilder hex = new StringBuilder();
            for (byte one : told[1].getBytes(java.nio.charset.StandardCharsets.UTF_8)) hex.append(String.format("%02x", one));
            out.println("\n" + mark + " " + mutant + " " + number + " " + told[0] + " " + hex + " " + places + ".");
            if (told[0].equals("late")) return false;
        }
        return true;
    }

    static String[] done(int number) throws InterruptedException {
        String[][] told = {{"late", "! late"}};
        Thread thread = new Thread(() -> {
            String[] found;
            try {
                Object value = called(number);
                String text = source(value, 0);
                boolean written = text != null && text.length() <= LONGEST;
                found = written ? new String[] {"value", text} : new String[] {"other", value == null ? "null" : value.getClass().getName()};
            } catch (Throwable error) {
                found = new String[] {"error", "! " + named(error.getClass())};
            }
            told[0] = found;
        });
        thread.setDaemon(true);
        thread.start();
        thread.join(PATIENCE);
        return told[0];
    }

    /** A value as it is written in code; null where it cannot be. */
    static String source(Object value, int depth) {
        if (depth > 8) return null;
        if (value == null) return "null";
        if (value instanceof Integer || value instanceof Boolean) return value.toString();
        if (value instanceof Short) return "(short) " + value;
        if (value instanceof Byte) return "(byte) " + value;
        if (value instanceof Long) return value + "L";
        if (value instanceof Double) return Double.isFinite((Double) value) ? value.toString() : null;
        if (value instanceof Float) return Float.isFinite((Float) value) ? value + "f" : null;
        if (value instanceof Character) return quoted(value.toString(), '\'');
        if (value instanceof String) return quoted((String) value, '"');
        if (value instanceof Enum) return own(value.getClass()) ? name(((Enum<?>) value).getDeclaringClass()) + "." + ((Enum<?>) value).name() : null;
        if (value.getClass().isArray()) {
            Class<?> of = value.getClass().getComponentType();
            if (!of.isPrimitive() && of != String.class) return null;
            java.util.List<Object> all = new java.util.ArrayList<>();
            for (int i = 0; i < java.lang.reflect.Array.getLength(value); i++) all.add(java.lang.reflect.Array.get(value, i));
            String inside = listed(all, depth);
            return inside == null ? null : "new " + of.getSimpleName() + "[] {" + inside + "}";
        }
        if (value instanceof java.util.Optional) {
            if (((java.util.Optional<?>) value).isEmpty()) return "java.util.Optional.empty()";
            String inside = source(((java.util.Optional<?>) value).get(), depth + 1);
            return inside == null ? null : "java.util.Optional.of(" + inside + ")";
        }
        if (value instanceof java.util.List) return wrapped("java.util.Arrays.asList(", listed((java.util.List<?>) value, depth));
        if (value instanceof java.util.Set) return wrapped("java.util.Set.of(", sorted(((java.util.Set<?>) value).stream(), depth));
        if (value instanceof java.util.Map) {
            java.util.Map<?, ?> map = (java.util.Map<?, ?>) value;
            if (map.size() > 10) return null;
            return wrapped("java.util.Map.of(", sorted(map.entrySet().stream(), depth));
        }
        if (value.getClass().isRecord() && own(value.getClass())) {
            java.util.List<Object> parts = new java.util.ArrayList<>();
            try {
                for (java.lang.reflect.RecordComponent part : value.getClass().getRecordComponents()) {
                    part.getAccessor().setAccessible(true);
                    parts.add(part.getAccessor().invoke(value));
                }
            } catch (ReflectiveOperationException error) {
                return null;
            }
            return wrapped("new " + name(value.getClass()) + "(", listed(parts, depth));
        }
        return null;
    }

    static String wrapped(String head, String inside) {
        return inside == null ? null : head + inside + ")";
    }

    static String listed(java.util.List<?> all, int depth) {
        java.util.List<String> parts = new java.util.ArrayList<>();
        for (Object one : all) {
            String text = source(one, depth + 1);
            if (text == null) return null;
            parts.add(text);
        }
        return String.join(", ", parts);
    }

    /** Of sets and maps, whose order is nobody's. */
    static String sorted(java.util.stream.Stream<?> all, int depth) {
        java.util.List<String> parts = new java.util.ArrayList<>();
        for (Object one : all.toArray()) {
            boolean isPair = one instanceof java.util.Map.Entry;
            Object key = isPair ? ((java.util.Map.Entry<?, ?>) one).getKey() : one;
            Object under = isPair ? ((java.util.Map.Entry<?, ?>) one).getValue() : "";
            String[] both = {source(key, depth + 1), source(under, depth + 1)};
            if (key == null || under == null || both[0] == null || both[1] == null) return null;
            parts.add(isPair ? both[0] + ", " + both[1] : both[0]);
        }
        java.util.Collections.sort(parts);
        return String.join(", ", parts);
    }

    static boolean own(Class<?> of) {
        return of.getPackageName().equals(QwillProbe.class.getPackageName());
    }

    /** As code in this package writes it without bringing it in. */
    static String named(Class<?> of) {
        return own(of) ? name(of) : of.getPackageName().equals("java.lang") ? of.getSimpleName() : String.valueOf(of.getCanonicalName());
    }

    static String name(Class<?> of) {
        return of.getEnclosingClass() == null ? of.getSimpleName() : name(of.getEnclosingClass()) + "." + of.getSimpleName();
    }

    static String quoted(String text, char quote) {
        StringBuilder found = new StringBuilder().append(quote);
        for (char one : text.toCharArray()) {
            if (one == '\n') found.append("\\n");
            else if (one == '\t') found.append("\\t");
            else if (one == '\r') found.append("\\r");
            else if (one == '\\' || one == quote) found.append('\\').append(one);
            else if (one < 32 || one > 126) found.append(String.format("\\u%04x", (int) one));
            else found.append(one);
        }
        return found.append(quote).toString();
    }

    static Object called(int number) throws Throwable {
        switch (number) {
CALLS
            default: throw new IllegalStateException();
        }
    }
}
