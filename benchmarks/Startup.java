import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How long a command takes from its start to its end: the least, the median and the most of several runs.
 *
 * <pre>
 * java benchmarks/Startup.java RUNS COMMAND [ARGUMENT...] [-- COMMAND [ARGUMENT...]]...
 * </pre>
 *
 * <p>Several commands take turns, so that what else the machine does hits all of them alike. A command that is a whole
 * shell line is {@code sh -c LINE}. What the commands print goes nowhere; their exit codes are shown.
 */
final class Startup {
    private Startup() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        int runs = Integer.parseInt(args[0]);
        List<List<String>> commands = new ArrayList<>();
        commands.add(new ArrayList<>());
        for (String argument : Arrays.asList(args).subList(1, args.length)) {
            if (argument.equals("--")) {
                commands.add(new ArrayList<>());
            } else {
                commands.get(commands.size() - 1).add(argument);
            }
        }
        double[][] milliseconds = new double[commands.size()][runs];
        int[] codes = new int[commands.size()];
        for (int run = -2; run < runs; run++) {
            for (int i = 0; i < commands.size(); i++) {
                long start = System.nanoTime();
                Process process = new ProcessBuilder(commands.get(i))
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                codes[i] = process.waitFor();
                if (run >= 0) {
                    milliseconds[i][run] = (System.nanoTime() - start) / 1e6;
                }
            }
        }
        System.out.printf("%8s %8s %8s %5s  %s%n", "min ms", "median", "max", "code", "command (" + runs + " runs)");
        for (int i = 0; i < commands.size(); i++) {
            double[] times = milliseconds[i];
            Arrays.sort(times);
            System.out.printf(
                    Locale.ROOT,
                    "%8.0f %8.0f %8.0f %5d  %s%n",
                    times[0],
                    times[runs / 2],
                    times[runs - 1],
                    codes[i],
                    String.join(" ", commands.get(i)));
        }
    }
}
