"""What somebody who means no good sends, through real requests: nothing is saved, shown or run that should not be."""
