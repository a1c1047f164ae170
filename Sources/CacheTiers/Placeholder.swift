import CHiredis
import GRDB

enum Placeholder {}
