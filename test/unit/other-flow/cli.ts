/** The command line of the product, with the other flow in it. */
import './register.ts';
import '../../../src/pipeline/cli/main.ts';
